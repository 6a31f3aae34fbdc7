"""course help"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option


@click.command(
    "help",
    options_metavar=_("[OPTIONS]"),
    help=_("Show what a command does and takes.\n\nExample: course help submit"),
)
@click.argument("words", metavar=_("[COMMAND]..."), nargs=-1)
@language_option
@click.pass_context
def command(context: click.Context, words: tuple[str, ...]) -> int:
    here = context.find_root()
    for word in words:
        group = here.command
        if not isinstance(group, click.Group):
            break
        _name, found, _rest = group.resolve_command(here, [word])
        assert found is not None
        here = found.make_context(word, [], parent=here, resilient_parsing=True)
    click.echo(here.get_help())
    return 0
