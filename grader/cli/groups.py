"""Groups of commands that are listed from a table: a command's module loads when it is used, not to list it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.language import translate
from grader.cli.options import language_of_group
from grader.core.words.message import Message
from grader.core.words.options import Option, options_of

if TYPE_CHECKING:
    from collections.abc import Sequence


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


class DeclaredCommand(click.Command):
    """A command of something that declares its options: one that it does not take is refused with what to do next."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            words = _("{word} does not take {option}. See: {command} --help")
            filled = words.format(word=self.name, option=error.option_name, command=ctx.command_path)
            raise click.UsageError(filled, ctx) from None


def declared_command(
    word: str,
    help: Sequence[Message | str],
    options: type[Any],
    run: Callable[..., int],
    params: Iterable[click.Parameter] = (),
) -> click.Command:
    """Return the command of something that declares its options as a dataclass.

    Args:
        help: paragraphs.
        options: the dataclass; `run` gets an object of it as `options`.
        params: what else the command takes; `run` gets these by name.
    """
    declared = list(options_of(options))

    def callback(**values: Any) -> int:
        own = options(**{each.field: values.pop(each.field) for each in declared})
        return run(options=own, **values)

    return DeclaredCommand(
        word,
        callback=callback,
        params=[*params, *map(_click_option, declared), language_of_group()],
        help="\n\n".join(translate(each.template) if isinstance(each, Message) else each for each in help),
        options_metavar=_("[OPTIONS]"),
    )


def _click_option(option: Option) -> click.Option:
    settings: dict[str, Any] = {"help": option.help.said(translate), "default": option.default}
    if option.kind is bool:
        settings["is_flag"] = True
    elif option.kind in (Path, Path | None):
        settings["type"] = click.Path(path_type=Path)
    if option.required:
        # click takes a default of None for one that was given.
        del settings["default"]
        settings["required"] = True
    metavar = option.metavar.said(translate) if option.metavar else None
    return click.Option([option.flag, option.field], metavar=metavar, show_default=False, **settings)
