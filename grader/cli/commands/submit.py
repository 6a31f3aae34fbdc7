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
    help=_(
        "Grade a submission, print feedback, and record it.\n\n"
        "Example: course submit 4.1 --answer -8\n\n"
        "ID may also be a lecture, a list with commas, or all: then everything of these in work/ is graded."
    ),
)
@submission_options
@click.option(
    "--from", "folder", type=click.Path(path_type=Path), metavar=_("DIR"), help=_("Take files from here, not work/.")
)
@click.option("--junit", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("Write JUnit XML, for CI."))
@click.option(
    "--markdown", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("Write a summary in Markdown, for CI.")
)
@click.option(
    "--gradescope", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("Write Gradescope's results.json.")
)
@click.option(
    "--classroom50", type=click.Path(path_type=Path), metavar=_("FILE"), help=_("Write Classroom 50's result.json.")
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
    opens: bool,
    json_target: str | None,
    folder: Path | None,
    junit: Path | None,
    markdown: Path | None,
    gradescope: Path | None,
    classroom50: Path | None,
) -> int:
    from grader.actions.student.submission import Request
    from grader.actions.student.submit import submit
    from grader.cli.course import open_course
    from grader.cli.language import translate
    from grader.cli.output import print_help, print_judgement, write_json
    from grader.cli.submitting import exit_code, print_note, write_page
    from grader.core.findings.report_json import as_json
    from grader.sandbox.choose import box_maker

    files, language = open_course()
    request = Request(exercise_id, file, answers, student, seed, folder)
    targets = (junit, markdown, gradescope, classroom50)
    if any(targets) or "." not in exercise_id or "," in exercise_id:
        from grader.cli.submitting_several import Targets, submit_several

        return submit_several(files, request, isolation, Targets(json_target, *targets, opens), language)
    judgement = submit(files, request, box_maker(isolation))
    if json_target is not None:
        write_json(as_json(judgement.report, translate, language), json_target)
    if json_target != "-":
        print_judgement(judgement, language)
        print_help(judgement.report)
    print_note(judgement, language)
    if opens:
        page = write_page(files, judgement, language, opens=True)
        click.echo(page, err=json_target == "-")
    return exit_code(judgement.report)
