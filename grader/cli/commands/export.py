"""course export"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.app import language_option

_FORMATS = ("csv", "moodle", "canvas", "gradescope", "gradescope-autograder", "student-ci")
_MADE_OF_THE_COURSE = ("gradescope-autograder", "student-ci")


@click.command(
    "export",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Write grades for other tools.\n\n"
        "Example: course export moodle --worksheet Grades.csv --lecture 4 --out filled.csv\n\n"
        "csv is a table; moodle and canvas fill the worksheet that was downloaded there; gradescope is a folder with a "
        "results.json for each student and exercise.\n\n"
        "Two are made of the course, not of grades: gradescope-autograder is the zip that grades there, student-ci the "
        "files with which a student's repository grades itself on GitHub, GitLab or Classroom 50."
    ),
)
@click.argument("format_name", metavar="FORMAT", type=click.Choice(_FORMATS))
@click.option("--out", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("Where to; csv: standard output."))
@click.option("--only", multiple=True, metavar="ID", help=_("Only this exercise; may be repeated."))
@click.option("--lecture", "lectures", multiple=True, metavar="ID", help=_("Only this lecture; may be repeated."))
@click.option("--wide", is_flag=True, help=_("csv: one line for each student."))
@click.option(
    "--worksheet", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("moodle, canvas: the file to fill.")
)
@click.option("--column", metavar=_("TITLE"), help=_("canvas: the column that takes the total."))
@click.option("--grade-column", metavar=_("TITLE"), help=_("moodle: the column for grades, if it is not recognised."))
@click.option("--id-column", metavar=_("TITLE"), help=_("moodle: the column that says who, if it is not recognised."))
@click.option("--max-column", metavar=_("TITLE"), help=_("moodle: the column of maximum grades, likewise."))
@language_option
def command(format_name: str, **options: object) -> int:
    from grader.cli.batch import open_gradebook, read_class
    from grader.cli.course import open_course
    from grader.cli.exports import Options, write_export, write_made

    files, language = open_course()
    if format_name in _MADE_OF_THE_COURSE:
        write_made(format_name, files, Options(**options))  # type: ignore[arg-type]
        return 0
    book = open_gradebook(files)
    try:
        write_export(format_name, files, book, read_class(files), Options(**options), language)  # type: ignore[arg-type]
    finally:
        book.close()
    return 0
