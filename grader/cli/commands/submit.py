"""course submit"""

from __future__ import annotations

from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

import click

from grader.cli.composition import REPORTS
from grader.cli.language import translate
from grader.cli.options import F, json_option, language_option, open_course, path_option
from grader.cli.submitting import AnswersCommand, submission_options


def _report_options(function: F) -> F:
    """Add an option for each format of the registry: the file that takes the report."""
    for word, summary in reversed(REPORTS.summaries().items()):
        function = path_option(f"--{word}", word, metavar=_("FILE"), help=summary.said(translate))(function)
    return function


@click.command(
    "submit",
    cls=AnswersCommand,
    options_metavar=_("[OPTIONS]"),
    help=_(
        "Grade a submission, print feedback, and record it.\n\n"
        "Example: course submit 4.1 --answer -8\n\n"
        "ID may also be a lecture, a comma-separated list, or all: then everything in work/ that belongs to them is "
        "graded."
    ),
)
@submission_options
@path_option("--from", "folder", metavar=_("DIR"), help=_("Folder of the submissions (default: work)."))
@_report_options
@click.option(
    "--server",
    is_flag=False,
    flag_value="",
    metavar="[URL]",
    help=_("Hand in at the course's server, and show its verdict (default: where you logged in)."),
)
@click.option("--no-wait", is_flag=True, help=_("With --server: do not wait for the verdict."))
@json_option(_("Write the report as JSON (default: standard output)."))
@language_option
def command(
    exercise_id: str,
    file: Path | None,
    answers: tuple[str, ...],
    student: str | None,
    seed: str | None,
    isolation: str | None,
    opens: bool,
    server: str | None,
    no_wait: bool,
    json_target: str | None,
    folder: Path | None,
    **reports: Path | None,
) -> int:
    from grader.actions.student.meant import meant
    from grader.actions.student.submission import Request
    from grader.actions.student.submit import submit
    from grader.cli.printing.due import late_text
    from grader.cli.printing.output import print_help, print_judgement, write_json
    from grader.cli.printing.points import points_at_once
    from grader.cli.submitting import exit_code, print_note, write_page
    from grader.core.course.policies.told_policies import of_this_attempt
    from grader.core.findings.report_json import as_json
    from grader.sandbox.choose import box_maker

    files, language = open_course()
    exercise_id, file, answers = meant(files, exercise_id, file, answers)
    request = Request(exercise_id, file, answers, student, seed, folder)
    targets = {word: path for word in REPORTS if (path := reports[word])}
    if server is not None:
        from grader.cli.servers import server_for
        from grader.cli.submitting_several import Targets
        from grader.cli.submitting_to_server import submit_to_server

        at = server_for(files, server, language)
        return submit_to_server(files, request, at, Targets(json_target, targets, opens), not no_wait, language)
    if targets or "." not in exercise_id or "," in exercise_id:
        from grader.cli.submitting_several import Targets, submit_several

        return submit_several(files, request, isolation, Targets(json_target, targets, opens), language)
    with points_at_once() as told:
        judgement = submit(files, request, box_maker(isolation, files.root), told)
    if json_target != "-":
        print_judgement(judgement, language)
        print_help(judgement.report)
    print_note(judgement, language)
    late = late_text(files.course.policy, judgement.exercise.id, judgement.report.student, datetime.now(UTC))
    if late is not None:
        click.echo(late, err=True)
    if judgement.grade is not None:
        for words in of_this_attempt(judgement.grade, files.course.policy, judgement.exercise.work.listed):
            click.echo(words.said(translate, language), err=True)
    if judgement.report.practice and files.course.hand_in is not None:
        click.echo(files.course.hand_in.said_in(language), err=True)
    if json_target is not None:
        write_json(as_json(judgement.report, translate, language), json_target)
    if opens:
        page = write_page(files, judgement, language, opens=True)
        click.echo(page, err=json_target == "-")
    return exit_code(judgement)
