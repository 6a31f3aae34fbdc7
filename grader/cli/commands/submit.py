"""course submit"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.app import language_option
from grader.cli.submitting import submission_options


@click.command(
    "submit",
    options_metavar=_("[OPTIONS]"),
    help=_("Grade a submission, print feedback, and record it.\n\nExample: course submit 4.1 --answer -8"),
)
@submission_options
@click.option(
    "--json", "json_target", is_flag=False, flag_value="-", metavar=_("[FILE]"), help=_("Write the report as JSON.")
)
@language_option
def command(
    exercise_id: str,
    file: Path | None,
    answers: tuple[str, ...],
    student: str | None,
    seed: str | None,
    isolation: str | None,
    opens: bool,
    json_target: str | None,
) -> int:
    from grader.actions.submission import Request
    from grader.actions.submit import submit
    from grader.cli.course import open_course
    from grader.cli.language import translate
    from grader.cli.output import print_help, print_judgement, write_json
    from grader.cli.submitting import exit_code, print_note, write_page
    from grader.sandbox.boxes import box_maker

    files, language = open_course()
    request = Request(exercise_id, file, answers, student, seed)
    judgement = submit(files, request, box_maker(isolation), translate, language)
    if json_target is not None:
        write_json(judgement.report.as_json(translate, language), json_target)
    if json_target != "-":
        print_judgement(judgement, language)
        print_help(judgement.report)
    print_note(judgement, language)
    if opens:
        page = write_page(files, judgement, language, opens=True)
        click.echo(page, err=json_target == "-")
    return exit_code(judgement.report)
