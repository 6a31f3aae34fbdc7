"""course restore"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import language_option, open_course


@click.command(
    "restore",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Put a gradebook back that course backup kept.\n\nExample: course restore monday.zip\n\n"
        "Nothing is overwritten: move a gradebook that is there away first."
    ),
)
@click.argument("source", metavar=_("FILE"), type=click.Path(path_type=Path))
@language_option
def command(source: Path) -> int:
    from grader.actions.teacher.backup import restore
    from grader.cli.batch import gradebook_place
    from grader.cli.language import translate

    files, _language = open_course()
    book = gradebook_place(files)
    if restore(files, book, source):
        click.echo(translate("The secret was in the backup, and is this machine's now."))
    click.echo(
        translate("{file} is back.").format(
            file=files.shown(book) if isinstance(book, Path) else book.render_as_string(hide_password=True)
        )
    )
    return 0
