"""course withdraw"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import exercise_argument, language_option, open_course


@click.command(
    "withdraw",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Take back work that is not a student's, with a reason.\n\n"
        "Example: course withdraw s003 4.5 --reason 'was handed in by s030'\n\n"
        "It stays in the gradebook and counts no longer; the best or last of the others does."
    ),
)
@click.argument("student", metavar=_("STUDENT"))
@exercise_argument
@click.argument("digest", metavar="[SHA-256]", required=False)
@click.option("--reason", required=True, metavar=_("TEXT"), help=_("Reason; it is kept with the grade."))
@click.option("--by", metavar=_("NAME"), help=_("Who decides (default: COURSE_STUDENT, or git's user)."))
@click.option("--undo", is_flag=True, help=_("Let it count again."))
@language_option
def command(student: str, exercise_id: str, digest: str | None, reason: str, by: str | None, undo: bool) -> int:
    from grader.actions.teacher.decisions.withdraw import withdraw
    from grader.cli.batch import open_gradebook, read_class
    from grader.core.words.numbers import show

    files, _language = open_course()
    book = open_gradebook(files)
    try:
        given, grade = withdraw(files, book, set(read_class(files)), student, exercise_id, digest, not undo, reason, by)
    finally:
        book.close()
    points = "–" if grade.points is None else show(grade.points)
    click.echo(f"{grade.student}  {grade.exercise}  sha256 {given.sha256[:16]}…  {points}/{show(grade.max_score)}")
    return 0
