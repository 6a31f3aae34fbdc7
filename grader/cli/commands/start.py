"""course start"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import language_option, open_course


@click.command(
    "start",
    options_metavar=_("[OPTIONS]"),
    help=_("Copy the starter of an exercise into work/.\n\nExample: course start 4.5"),
)
@click.argument("exercise_id", metavar="ID")
@language_option
def command(exercise_id: str) -> int:
    from grader.actions.student.start import start

    files, _language = open_course()
    path = start(files, exercise_id)
    click.echo(_("Wrote {file}. When it is ready: course submit {id}").format(file=files.shown(path), id=exercise_id))
    return 0
