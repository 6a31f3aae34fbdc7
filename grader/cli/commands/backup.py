"""course backup"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import language_option, open_course


@click.command(
    "backup",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Keep a copy of the gradebook, also while it is in use.\n\nExample: course backup monday.zip\n\n"
        "In it are grades, results, people and all that was handed in at course serve. Not in it are the course's own "
        "files, the folder submissions/ and, unless you ask for it, the secret."
    ),
)
@click.argument("target", metavar=_("FILE"), type=click.Path(path_type=Path))
@click.option(
    "--with-secret", is_flag=True, help=_("Put the course's secret in as well; keep such a file to yourself.")
)
@language_option
def command(target: Path, with_secret: bool) -> int:
    from grader.actions.teacher.backup import backup
    from grader.cli.batch import gradebook_place
    from grader.cli.language import translate

    files, _language = open_course()
    backup(files, gradebook_place(files), target, with_secret)
    words = translate("{file} holds the gradebook. Not in it: the course's files and submissions/.")
    secret = (
        translate("It holds the secret, too.")
        if with_secret
        else translate("Nor the secret: keep a copy of it, or add --with-secret.")
    )
    click.echo(f"{words.format(file=target)} {secret}")
    return 0
