"""course feedback"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.options import language_option, open_course, path_option
from grader.cli.submitting import AnswersCommand, submission_options


@click.command(
    "feedback",
    cls=AnswersCommand,
    options_metavar=_("[OPTIONS]"),
    help=_("Write a page that shows what is wrong and where.\n\nExample: course feedback 4.5"),
)
@submission_options
@path_option("-o", "--output", metavar=_("FILE"), help=_("File to write (default: feedback/ID.html)."))
@language_option
def command(
    exercise_id: str,
    file: Path | None,
    answers: tuple[str, ...],
    student: str | None,
    seed: str | None,
    isolation: str | None,
    opens: bool,
    output: Path | None,
) -> int:
    from grader.actions.student.feedback import feedback
    from grader.actions.student.meant import meant
    from grader.actions.student.submission import Request
    from grader.cli.batch import comments_on
    from grader.cli.submitting import exit_code, print_note, write_page
    from grader.sandbox.choose import box_maker

    files, language = open_course()
    exercise_id, file, answers = meant(files, exercise_id, file, answers)
    request = Request(exercise_id, file, answers, student, seed)
    judgement = feedback(files, request, box_maker(isolation))
    click.echo(write_page(files, judgement, language, output, opens, comments_on(files, judgement)))
    print_note(judgement, language)
    return exit_code(judgement)
