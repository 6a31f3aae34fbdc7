"""course report"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.app import language_option


@click.command(
    "report",
    options_metavar=_("[OPTIONS]"),
    help=_("Write a page about the class and one for each student.\n\nExample: course report --out pages"),
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("report"), metavar=_("DIR"), help=_("Where to; report/.")
)
@click.option("--only", multiple=True, metavar="ID", help=_("Only this exercise; may be repeated."))
@click.option("--lecture", "lectures", multiple=True, metavar="ID", help=_("Only this lecture; may be repeated."))
@language_option
def command(out: Path, only: tuple[str, ...], lectures: tuple[str, ...]) -> int:
    from datetime import UTC, datetime

    from grader.actions.teacher.export import select
    from grader.cli.batch import open_gradebook, read_class
    from grader.cli.course import open_course
    from grader.cli.exports import tell_gaps
    from grader.cli.language import translate
    from grader.integrations.pages.writing import write_pages

    files, language = open_course()
    book = open_gradebook(files)
    try:
        chosen = select(files, book, read_class(files), only, lectures)
        tell_gaps(chosen, files, book)
        standings = list(chosen.standings(files, book))
        title = files.course.title.said_in(language)
        made = datetime.now(UTC).astimezone()
        paths = write_pages(out, title, standings, chosen.students, chosen.exercises, translate, language, made)
    finally:
        book.close()
    click.echo(paths[0])
    return 0
