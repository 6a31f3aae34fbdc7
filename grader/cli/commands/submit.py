"""course submit"""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.app import language_option


@click.command(
    "submit",
    options_metavar=_("[OPTIONS]"),
    help=_("Grade a submission, print feedback, and record it.\n\nExample: course submit 4.1 --answer -8"),
)
@click.argument("exercise_id", metavar="ID")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--answer", "answers", multiple=True, metavar=_("[NAME=]NUMBER"), help=_("A stated value; may be repeated.")
)
@click.option("--student", metavar=_("NAME"), help=_("Who submits; otherwise COURSE_STUDENT or git's user."))
@click.option("--seed", metavar=_("TEXT"), help=_("Draw other hidden numbers, for practice."))
@click.option(
    "--isolation", type=click.Choice(("full", "reduced", "none")), help=_("Use this box, not the best there is.")
)
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
    json_target: str | None,
) -> int:
    from grader.actions.submit import Request, submit
    from grader.cli.boundary import ExitCode
    from grader.cli.course import open_course
    from grader.cli.language import translate
    from grader.cli.output import print_report, write_json
    from grader.sandbox.boxes import box_maker

    files, language = open_course()
    request = Request(exercise_id, file, answers, student, seed)
    exercise, report = submit(files, request, box_maker(isolation), translate, language)
    if json_target is not None:
        write_json(report.as_json(translate, language), json_target)
    if json_target != "-":
        print_report(exercise, report, language)
    if report.void:
        return ExitCode.COULD_NOT_JUDGE
    return ExitCode.FULL_MARKS if report.full_marks else ExitCode.NOT_FULL_MARKS
