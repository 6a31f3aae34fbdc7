"""course waive"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import exercise_argument, language_option, open_course


@click.command(
    "waive",
    options_metavar=_("[OPTIONS]"),
    help=_("Let a penalty for lateness go, with a reason.\n\nExample: course waive s001 4.5 --reason 'was ill'"),
)
@click.argument("student", metavar=_("STUDENT"))
@exercise_argument
@click.option("--reason", required=True, metavar=_("TEXT"), help=_("Reason; it is kept with the grade."))
@click.option("--by", metavar=_("NAME"), help=_("Who decides (default: COURSE_STUDENT, or git's user)."))
@click.option("--clear", is_flag=True, help=_("Take it back: lateness costs points again."))
@language_option
def command(student: str, exercise_id: str, reason: str, by: str | None, clear: bool) -> int:
    from grader.actions.teacher.decisions.decide import waive
    from grader.cli.batch import open_gradebook, read_class
    from grader.core.words.numbers import show

    files, _language = open_course()
    book = open_gradebook(files)
    try:
        grade = waive(files, book, set(read_class(files)), student, exercise_id, not clear, reason, by)
    finally:
        book.close()
    recorded = "–" if grade.points is None else show(grade.points)
    click.echo(f"{grade.student}  {grade.exercise}  {recorded}/{show(grade.max_score)}")
    return 0
