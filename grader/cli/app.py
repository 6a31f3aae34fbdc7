"""The command group. Commands are files that load when they are used; their one-line help is listed here."""

from __future__ import annotations

import importlib
from gettext import gettext as _

import click

from grader.cli.groups import ListedGroup


def _commands() -> dict[str, str]:
    return {
        "list": _("List the exercises of the course."),
        "show": _("Show what an exercise asks for."),
        "start": _("Copy the starter of an exercise into work/."),
        "doctor": _("Check the sandbox and the dependencies."),
        "submit": _("Grade a submission, print feedback, and record it."),
        "feedback": _("Write a page that shows what is wrong and where."),
        "hint": _("Give the next hint for your last submission."),
        "check": _("Prove that exercises grade correctly."),
        "grade": _("Grade the new submissions of a class."),
        "override": _("Set a grade by hand, with a reason."),
        "explain": _("Show why a student has this grade."),
        "export": _("Export grades, or the course itself, for another system."),
        "report": _("Write a page about the class and one for each student."),
        "init": _("Create a course that is ready to use."),
        "new": _("Create an exercise from a template."),
        "try": _("Show what a program does on an exercise's inputs."),
        "release": _("Write a copy of the course for students, without solutions."),
        "import": _("Import an assignment from another system."),
        "nbgrader": _("Write assignments for nbgrader, and grade them."),
        "schema": _("Print the JSON Schema of a course file."),
    }


def _load(name: str) -> click.Command:
    command: click.Command = importlib.import_module(f"grader.cli.commands.{name}").command
    return command


def build() -> click.Group:
    """Return the command group, its help in the language now spoken."""
    from grader import __version__

    group = ListedGroup(
        "course",
        _commands,
        _load,
        help=_("Grade exercises of a deep-learning course.\n\nExample: course submit 4.1 --answer -8"),
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGS]..."),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        no_args_is_help=True,
    )
    version = click.version_option(__version__, prog_name="course", message="%(prog)s %(version)s")
    return version(group)
