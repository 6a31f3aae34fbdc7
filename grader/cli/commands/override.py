"""course override"""

from __future__ import annotations

from gettext import gettext as _

import click

from grader.cli.options import exercise_argument, language_option, open_course


@click.command(
    "override",
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Set a grade by hand, with a reason.\n\nExample: course override s001 4.5 6 --reason "
        "'explained it at the board'"
    ),
)
@click.argument("student", metavar=_("STUDENT"))
@exercise_argument
@click.argument("points", metavar=_("POINTS"), required=False)
@click.option("--reason", required=True, metavar=_("TEXT"), help=_("Reason; it is kept with the grade."))
@click.option("--by", metavar=_("NAME"), help=_("Who sets the grade (default: COURSE_STUDENT, or git's user)."))
@click.option("--clear", is_flag=True, help=_("Remove this grade; the computed one counts again."))
@click.option("--bonus", is_flag=True, help=_("Allow more points than the exercise is worth."))
@language_option
def command(
    student: str, exercise_id: str, points: str | None, reason: str, by: str | None, clear: bool, bonus: bool
) -> int:
    from grader.actions.teacher.decisions.override import override
    from grader.cli.batch import open_gradebook, read_class
    from grader.cli.language import translate
    from grader.core.words.errors import UsageFault
    from grader.core.words.message import say
    from grader.core.words.numbers import show

    if clear == (points is not None):
        raise UsageFault(say("give either POINTS or --clear"))
    files, _language = open_course()
    book = open_gradebook(files)
    try:
        grade = override(files, book, set(read_class(files)), student, exercise_id, points, reason, by, bonus)
    finally:
        book.close()
    recorded = "–" if grade.points is None else show(grade.points)
    click.echo(f"{grade.student}  {grade.exercise}  {recorded}/{show(grade.max_score)}")
    if grade.points is not None and grade.points > grade.max_score:
        click.echo(translate("This is more than the exercise is worth. To remove it: --clear"), err=True)
    return 0
