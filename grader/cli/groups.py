"""Groups of commands that are listed from a table: a command's module loads when it is used, not to list it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import Any

import click

from grader.cli.options import language_of_group


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
