"""The command group and groups in it: commands are files that load when they are used, listed here in a line each."""

from __future__ import annotations

import difflib
import importlib
import os
from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

import click

from grader.cli.options import language_of_group

# What a shell sets while somebody types, under the name that click gives it.
COMPLETING = "_COURSE_COMPLETE"


class ListedGroup(click.Group):
    """A group that reads its list of commands from a table."""

    def __init__(
        self, name: str, listed: Callable[[], Mapping[str, str]], load: Callable[[str], click.Command], **settings: Any
    ) -> None:
        """Take the table.

        Args:
            listed: returns the commands and their one-line help, in the language spoken.
            load: returns one of these commands.
            settings: those of click.Group.
        """
        super().__init__(name, **settings)
        self._listed, self._load = listed, load
        self.params.append(language_of_group())

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self._listed())

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._load(cmd_name) if cmd_name in self._listed() else None

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl(list(self._listed().items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self._listed() and not name.startswith("-"):
            near = difflib.get_close_matches(name, self._listed(), n=1)
            see = _("See: {command} --help").format(command=ctx.command_path)
            hint = _("Did you mean {near}?").format(near=near[0]) if near else see
            raise click.UsageError(_("There is no command {name}. {hint}").format(name=name, hint=hint), ctx)
        return super().resolve_command(ctx, args)


def _commands() -> dict[str, str]:
    return {
        "list": _("List the exercises of the course."),
        "show": _("Show what an exercise asks for."),
        "start": _("Copy the starter of an exercise into work/."),
        "doctor": _("Check the sandbox and the dependencies."),
        "submit": _("Grade a submission, print feedback, and record it."),
        "login": _("Log in to a course's server, to hand in there."),
        "logout": _("Forget the token of a course's server."),
        "watch": _("Judge your work again each time you save it."),
        "feedback": _("Write a page that shows what is wrong and where."),
        "hint": _("Give the next hint for your last submission."),
        "check": _("Prove that exercises grade correctly."),
        "collect": _("Collect what students handed in to other systems."),
        "grade": _("Grade the new submissions of a class."),
        "serve": _("Let a class hand in and look in a browser."),
        "links": _("Make personal links to course serve."),
        "backup": _("Keep a copy of the gradebook, also while it is in use."),
        "restore": _("Put a gradebook back that course backup kept."),
        "status": _("Show who is missing, stuck or late, and what is not judged."),
        "who": _("Show whose latest submission has a mistake."),
        "override": _("Set a grade by hand, with a reason."),
        "waive": _("Let a penalty for lateness go, with a reason."),
        "withdraw": _("Take back work that is not a student's, with a reason."),
        "forget": _("Take students out of the gradebook's sight, with a reason."),
        "erase": _("Erase somebody's data from the gradebook, for good."),
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
        "completion": _("Print what a shell needs to complete commands."),
        "help": _("Show what a command does and takes."),
    }


def _load(name: str) -> click.Command:
    command: click.Command = importlib.import_module(f"grader.cli.commands.{name}").command
    return command


def build() -> click.Group:
    """Return the command group, its help in the language now spoken."""
    from grader import __version__

    if COMPLETING in os.environ:
        from grader.cli.completing import add_powershell

        add_powershell()
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
