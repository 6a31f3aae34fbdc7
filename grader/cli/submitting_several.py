"""What `course submit` does for several exercises at once, and for other tools' reports."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.actions.student.meant import several
from grader.actions.student.report_format import Judged, ReportFormat
from grader.actions.student.submit_each import Outcome, rows, submit_each, why_practice
from grader.cli.boundary import ExitCode
from grader.cli.composition import REPORTS
from grader.cli.language import translate
from grader.cli.printing.output import console, print_help, print_judgement, print_report, write_json
from grader.core.course.policies.told_policies import of_this_attempt
from grader.core.findings.report_json import FORMAT_VERSION, as_json
from grader.core.report.flat_rows import Row, is_void, total
from grader.core.words.errors import CouldNotJudge, CourseInvalid, UsageFault
from grader.core.words.message import Message, say
from grader.core.words.numbers import show
from grader.store.machine.files import write_file

if TYPE_CHECKING:
    from grader.actions.student.judgement import Judgement
    from grader.actions.student.submission import Request
    from grader.store.course.course_files import CourseFiles


@dataclass(frozen=True)
class Targets:
    """Where reports are written, as far as they were asked for.

    Attributes:
        reports: the files for other tools, by the word of their format.
        opens: whether the page is shown in the browser.
    """

    json: str | None
    reports: Mapping[str, Path]
    opens: bool

    def formats(self) -> list[tuple[ReportFormat, Path]]:
        """Return the formats for other tools, each with its file."""
        return [(REPORTS[word], path) for word, path in self.reports.items()]


def submit_several(
    files: CourseFiles, request: Request, isolation: str | None, targets: Targets, language: str
) -> ExitCode:
    """Grade, print and write; return how it went.

    Raises:
        UsageFault: where options do not go together, where grades are asked for and this is practice, or where a file
            cannot be written.
        CouldNotJudge: where marks for others are to be given and no locked box is to be had.
        CourseInvalid: as the judging does.
    """
    _refuse_practice(targets, why_practice(files, request.seed))
    asked = several(files, request.exercise_id)
    ids = asked or [files.require(request.exercise_id)]
    if len(ids) != 1 and (request.file or request.answers or targets.opens):
        raise UsageFault(say("a file, --answer and --open need a single exercise; name it"))
    try:
        outcomes = _judged(files, ids, request, isolation, targets, language)
    except (CouldNotJudge, CourseInvalid):
        for report, path in targets.formats():
            if report.not_judged is not None:
                write_file(path, report.not_judged(translate, language))
        raise
    found = list(rows(outcomes, translate, language))
    if targets.json != "-" and asked:
        print_total(found)
    if targets.json is not None:
        write_json(reports_as_json(outcomes, bool(asked), language), targets.json)
    write_reports(outcomes, found, targets, language)
    if targets.opens and outcomes[0].judgement is not None:
        from grader.cli.submitting import write_page

        print(write_page(files, outcomes[0].judgement, language, opens=True), file=sys.stderr)
    if is_void(found) or any(each.judgement is not None and each.judgement.not_kept for each in outcomes):
        return ExitCode.COULD_NOT_JUDGE
    return ExitCode.FULL_MARKS if all(row.verdict == "pass" for row in found) else ExitCode.NOT_FULL_MARKS


def _refuse_practice(targets: Targets, why: Message | None) -> None:
    """Refuse to write grades for another system from practice: it could not tell them from real ones."""
    named = [f"--{report.word}" for report, _ in targets.formats() if report.marks_count]
    if why is not None and named:
        raise UsageFault(
            say(
                "{options} writes grades that another system records, but this is practice and gives none: {why}. "
                "No grades were written. Collect the submissions and run course grade DIR in the teacher's copy of the "
                "course; to see the result only, leave {options} out",
                options=", ".join(named),
                why=why,
            )
        )


def _judged(
    files: CourseFiles, ids: list[str], request: Request, isolation: str | None, targets: Targets, language: str
) -> list[Outcome]:
    from grader.cli.submitting import print_note
    from grader.sandbox.choose import box_maker

    if any(report.marks_count for report, _ in targets.formats()):
        # Others record these marks: a submission must not be able to write them itself.
        from grader.cli.batch import require_isolation

        isolation = require_isolation(isolation)
    outcomes = []
    for outcome in submit_each(files, ids, request, box_maker(isolation)):
        outcomes.append(outcome)
        if targets.json != "-":
            _print(outcome, language)
        if outcome.judgement is not None and outcome.judgement.grade is not None:
            _print_attempt(files, outcome.judgement)
        if outcome.judgement is not None and outcome.judgement.not_kept is not None:
            print_note(outcome.judgement, language)
    return outcomes


def _print(outcome: Outcome, language: str) -> None:
    if outcome.judgement is not None:
        print_judgement(outcome.judgement, language)
        print_help(outcome.judgement.report)
    elif outcome.report is not None:
        print_report(outcome.exercise, outcome.report, language)
    else:
        words = translate("nothing was handed in for {id}").format(id=outcome.exercise.id)
        console().print(words, style="yellow")


def _print_attempt(files: CourseFiles, judgement: Judgement) -> None:
    assert judgement.grade is not None
    for words in of_this_attempt(judgement.grade, files.course.policy, judgement.exercise.work.listed):
        print(words.said(translate), file=sys.stderr)


def print_total(found: list[Row]) -> None:
    """Print the points of all exercises; nothing where one of them has none."""
    score = total(found)
    if score is not None:
        words = translate("Total: {score} of {max_score}")
        most = sum(row.max_score for row in found)
        console().print(words.format(score=show(score), max_score=show(most)), style="bold")


def reports_as_json(outcomes: list[Outcome], several: bool, language: str) -> dict[str, Any]:
    """Return the reports as one JSON object: several in a list, one as it is."""
    reports = [as_json(each.report, translate, language) for each in outcomes if each.report is not None]
    return {"format_version": FORMAT_VERSION, "reports": reports} if several or not reports else reports[0]


def write_reports(outcomes: list[Outcome], found: list[Row], targets: Targets, language: str) -> None:
    """Write the files for other tools.

    Raises:
        UsageFault: where they would hold grades, and this is practice, or where one cannot be written.
    """
    practice = any(outcome.report.practice for outcome in outcomes if outcome.report is not None)
    # Only now is it known which exercises were held to released answers.
    _refuse_practice(targets, say("this is a students' copy of the course") if practice else None)
    exercises = [outcome.exercise for outcome in outcomes]
    judged = Judged(found, exercises, practice, translate, language, os.environ, datetime.now(UTC))
    for report, path in targets.formats():
        write_file(path, report.write(judged))
