"""course report"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import language_option, only_options, open_course, path_option


@click.command(
    "report",
    options_metavar=_("[OPTIONS]"),
    help=_("Write a page about the class and one for each student.\n\nExample: course report --out pages"),
)
@path_option("--out", metavar=_("DIR"), help=_("Folder to write to (default: report)."), default=Path("report"))
@only_options
@language_option
def command(out: Path, only: tuple[str, ...], lectures: tuple[str, ...]) -> int:
    from datetime import UTC, datetime

    from grader.actions.teacher.results.export import select
    from grader.actions.teacher.results.work_of import work_of
    from grader.cli.batch import open_gradebook, read_class
    from grader.cli.composition import write_pages
    from grader.cli.exports import tell_gaps
    from grader.cli.language import translate
    from grader.store.students.matches import NAME, unanswered

    files, language = open_course()
    book = open_gradebook(files)
    try:
        chosen = select(files, book, read_class(files), only, lectures)
        tell_gaps(chosen, files, book, stale=False)
        standings = list(chosen.standings(files, book))
        title = files.course.title.said_in(language)
        made = datetime.now(UTC).astimezone(files.course.policy.zone)
        paths = write_pages(
            out,
            title,
            standings,
            chosen.students,
            chosen.exercises,
            translate,
            language,
            made,
            work_of(book),
            unanswered(files.root / NAME),
        )
    finally:
        book.close()
    click.echo(paths[0])
    return 0
