"""Set a mark by hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from grader.actions.teacher.decisions.decide import author, require_reason
from grader.actions.teacher.standings import grades, require_known
from grader.core.course.policies.policy import Grade, Override, grade_of
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.core.words.numbers import NotANumber, parse_number
from grader.store.course.course_files import CourseFiles
from grader.store.grades.gradebook import Gradebook


class MoreThanWorth(UsageFault):
    """More points than the exercise is worth, and nobody has said that this is meant."""


def override(
    files: CourseFiles,
    book: Gradebook,
    roster: Collection[str],
    student: str,
    exercise_id: str,
    points: str | None,
    reason: str,
    by: str | None,
    bonus: bool = False,
) -> Grade:
    """Record a mark, or with no points that the computed one counts again; return the grade that follows.

    Args:
        bonus: whether more points are meant than the exercise is worth.

    Raises:
        UsageFault: where the student is not known, the reason is empty or the points are no points of this exercise;
            MoreThanWorth where they would be with `bonus`.
    """
    exercise = files.exercise(files.require(exercise_id))
    nobody = say(
        "there is no student {student}, neither in roster.csv, where you can add them, nor in the gradebook",
        student=student,
    )
    require_known(student, {*roster, *(each.student for each in book.standing())}, nobody)
    reason = require_reason(reason)
    score = None if points is None else _points(points, exercise.max_score, bonus)
    mark = Override(score, reason, author(by), datetime.now(UTC))
    book.add_override(student, exercise.id, mark)
    found = grades(files, [exercise], book, book.standing()).get((student, exercise.id))
    return found or grade_of(student, exercise.id, exercise.max_score, (), files.course.policy, mark)


def _points(typed: str, most: float, bonus: bool) -> float:
    try:
        points = parse_number(typed)
    except NotANumber:
        raise UsageFault(say("{found} is not a number; write it as -8, 0.5 or 1e-2", found=typed or '""')) from None
    # More than the maximum is a teacher's right, but more often a slip; what is no number of points always is.
    if not 0 <= points <= 10 * most:
        raise UsageFault(say("{found} is out of range; allowed: {low} … {high}", found=points, low=0, high=10 * most))
    if points > most and not bonus:
        raise MoreThanWorth(
            say(
                "{points} is more than the exercise is worth, {most}; if that is meant, add --bonus",
                points=points,
                most=float(most),
            )
        )
    return points
