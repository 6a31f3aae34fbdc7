"""Commands for things that declare their options themselves: export formats and importers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from grader.cli.language import translate
from grader.cli.options import language_of_group
from grader.core.words.message import Message
from grader.core.words.options import Option, options_of


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
        help="\n\n".join(each.said(translate) if isinstance(each, Message) else each for each in help),
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
