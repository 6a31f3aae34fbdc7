"""course release"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.app import language_option


@click.command(
    "release",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Write the students' copy, without solutions.\n\n"
        "Example: course release ../for-students\n\n"
        "Students can submit there, and mistakes are named; reports say practice. Run it again to bring it up to date: "
        "what students wrote stays."
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--isolation", type=click.Choice(("full", "reduced", "none")), help=_("Use this box, not the best there is.")
)
@language_option
def command(folder: Path, isolation: str | None) -> int:
    from grader.actions.author.release import release
    from grader.cli.course import open_course
    from grader.sandbox.choose import box_maker

    files, _language = open_course()
    written = release(files, folder, box_maker(isolation))
    words = _("Released {count} exercises into {folder}.")
    click.echo(words.format(count=len(written.exercises), folder=folder))
    return 0
