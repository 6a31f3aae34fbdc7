"""course release"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import isolation_option, language_option, open_course, path_option


@click.command(
    "release",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Write a copy of the course for students, without solutions.\n\n"
        "Example: course release ../for-students\n\n"
        "Students can submit in it and are told their mistakes; reports say that this is practice. Run the command "
        "again to update the copy: work that is in it stays."
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@path_option("--wheelhouse", "wheelhouse", metavar=_("DIR"), help=_("Folder of wheels for students without a network."))
@isolation_option
@language_option
def command(folder: Path, wheelhouse: Path | None, isolation: str | None) -> int:
    from grader.actions.author.release import release
    from grader.sandbox.choose import box_maker

    files, _language = open_course()
    written = release(files, folder, box_maker(isolation), wheelhouse)
    words = _("Released {count} exercises into {folder}.")
    click.echo(words.format(count=len(written.exercises), folder=folder))
    return 0
