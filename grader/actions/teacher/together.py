"""What several submissions come to together, where questions count a few answers only: scores and reports."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.course.exercise import Exercise
from grader.core.course.policies.policy import Grade, Place
from grader.core.questions.attempts import Reasons, attempts_of, counted, reasons_of
from grader.core.report.report import CheckResult, Report
from grader.store.grades.gradebook import Gradebook, Recorded


@dataclass(frozen=True)
class Together:
    """The submissions of one student at one exercise, each with what counts once it is handed in.

    Attributes:
        rows: with the scores of the answers that count by then.
        reports: the results of these answers, by submission; none of what is not judged.
    """

    rows: Sequence[Recorded]
    reports: Mapping[int, Report]

    def report_of(self, grade: Grade) -> Report | None:
        """Return the report that a grade rests on; None where it is not one of these."""
        attempt = grade.attempt
        for row in self.rows if attempt else ():
            if attempt and (row.submitted, row.sha256, row.result) == (
                attempt.submitted,
                attempt.content,
                attempt.result,
            ):
                return self.reports.get(row.id)
        return None


def put_together(
    exercises: Iterable[Exercise],
    attempts: Mapping[Place, Sequence[Recorded]],
    book: Gradebook,
    reasons: Reasons | None = None,
) -> dict[Place, Together]:
    """Return, where questions count a few answers only and there are several submissions, what these come to.

    Args:
        attempts: the oldest first.
        reasons: what authors say after the last attempt; as the exercises know it where it is not given.
    """
    limited = {exercise.id: exercise for exercise in exercises if attempts_of(exercise.work)}
    places = {place: rows for place, rows in attempts.items() if place[1] in limited and len(rows) > 1}
    reports = book.reports({row.result for rows in places.values() for row in rows if row.result})
    return {
        place: _at(exercise := limited[place[1]], rows, reports, reasons or reasons_of(exercise.work))
        for place, rows in places.items()
    }


def _at(exercise: Exercise, rows: Sequence[Recorded], reports: Mapping[int, Report], reasons: Reasons) -> Together:
    judged = [row for row in rows if row.score is not None and row.result in reports]
    checks = [{check.name: check for check in reports[row.result].checks} for row in judged]
    each_counting = counted(attempts_of(exercise.work), checks, reasons)
    found = {
        row.id: _with(reports[row.result], own, counting)
        for row, own, counting in zip(judged, checks, each_counting, strict=True)
    }
    scores = {id: math.fsum(check.score or 0.0 for check in report.checks) for id, report in found.items()}
    return Together([replace(row, score=scores.get(row.id, row.score)) for row in rows], found)


def _with(report: Report, own: Mapping[str, CheckResult], counting: Mapping[str, CheckResult]) -> Report:
    return replace(report, checks=tuple({**own, **counting}.values()))


def take_few(exercises: Iterable[Exercise]) -> bool:
    """Whether any of these exercises counts a few answers only."""
    return any(attempts_of(exercise.work) for exercise in exercises)


def reports_behind(
    exercises: Iterable[Exercise], grades: Sequence[Grade], book: Gradebook, recorded: Iterable[Recorded]
) -> dict[Place, Report]:
    """Return the report that each grade rests on, where there is one.

    Args:
        recorded: what was handed in, the oldest first; needed at exercises that count a few answers only.
    """
    places = {(grade.student, grade.exercise) for grade in grades}
    rows: dict[Place, list[Recorded]] = {}
    for row in recorded:
        if (row.student, row.exercise) in places:
            rows.setdefault((row.student, row.exercise), []).append(row)
    together = put_together(exercises, rows, book)
    alone = book.reports({grade.attempt.result for grade in grades if grade.attempt})
    found: dict[Place, Report] = {}
    for grade in grades:
        place = (grade.student, grade.exercise)
        # A bare score is that of one submission, and so is its report.
        report = together[place].report_of(grade) if place in together else None
        report = report or (alone.get(grade.attempt.result) if grade.attempt else None)
        if report is not None:
            found[place] = replace(report, student=grade.student)
    return found
