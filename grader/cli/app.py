"""The command group. Commands are files that load when they are used; their one-line help lives here."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from gettext import gettext as _
from typing import TypeVar

import click

from grader.cli.language import LANGUAGES

F = TypeVar("F", bound=Callable[..., object])


def _commands() -> dict[str, str]:
    return {
        "list": _("List the exercises of the course."),
        "show": _("Show what an exercise asks."),
        "start": _("Copy an exercise's starter into work/."),
        "doctor": _("Say what this machine can do, and what is missing."),
        "submit": _("Grade a submission, print feedback, and record it."),
        "feedback": _("Draw a page that shows what is wrong, and where."),
        "hint": _("Give the next hint for what was submitted last."),
        "check": _("Prove that exercises are as they should be."),
        "grade": _("Grade a class, whatever is new in it."),
        "override": _("Set a mark by hand, with a reason."),
        "explain": _("Show why a student has this mark."),
        "export": _("Write grades for other tools."),
        "report": _("Write a page about the class and one for each student."),
        "init": _("Begin a course that works at once."),
        "new": _("Begin an exercise that is valid as written."),
        "try": _("Show all that a program does at an exercise's probes."),
        "release": _("Write the students' copy, without solutions."),
        "import": _("Make an exercise of an assignment from another system."),
        "nbgrader": _("Write assignments for nbgrader, and grade them."),
        "schema": _("Print the JSON Schema of a course's files."),
    }


class LazyGroup(click.Group):
    """Loads a command's module when the command is used, not to list it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _commands():
            return None
        module = importlib.import_module(f"grader.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl(list(_commands().items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        import difflib

        name = args[0]
        if name not in _commands() and not name.startswith("-"):
            near = difflib.get_close_matches(name, _commands(), n=1)
            hint = _("Did you mean {near}?").format(near=near[0]) if near else _("See: course --help")
            raise click.UsageError(_("There is no command {name}. {hint}").format(name=name, hint=hint), ctx)
        return super().resolve_command(ctx, args)


def language_option(function: F) -> F:
    """Add --lang. Its value is read before click starts, because help itself is in that language."""
    option = click.option(
        "--lang", type=click.Choice(LANGUAGES), expose_value=False, help=_("Language of the messages.")
    )
    return option(function)


def language_of_group() -> click.Option:
    """Return --lang for a group of commands."""
    return click.Option(
        ["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help=_("Language of the messages.")
    )


def build() -> click.Group:
    """Return the command group, its help in the language now spoken."""
    from grader import __version__

    group = LazyGroup(
        "course",
        help=_("Grade exercises of a deep-learning course.\n\nExample: course submit 4.1 --answer -8"),
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGS]..."),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        no_args_is_help=True,
    )
    group.params.append(language_of_group())
    version = click.version_option(__version__, prog_name="course", message="%(prog)s %(version)s")
    return version(group)
