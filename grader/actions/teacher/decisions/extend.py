"""Give one student more time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from grader.actions.teacher.decisions.decide import author, require_reason
from grader.actions.teacher.standings import policy_of, require_known
from grader.core.course.policies.policy import Extension
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.store.course.course_files import CourseFiles
from grader.store.course.policies.policy import moment_due
from grader.store.grades.gradebook import Gradebook

_YEARS = range(2000, 2100)


def extend(
    files: CourseFiles,
    book: Gradebook,
    roster: Collection[str],
    student: str,
    exercise_id: str,
    until: str | None,
    reason: str,
    by: str | None,
) -> datetime | None:
    """Record a later due date of a student at an exercise; return when it is due now.

    Args:
        until: date and time on the course's clock; None takes earlier ones back. Those of course.yaml stay.

    Raises:
        UsageFault: where the exercise has no due date, this is none or not later, or there is no reason.
    """
    exercise = files.exercise(files.require(exercise_id))
    nobody = say("there is no student {student}, neither in roster.csv nor in the gradebook", student=student)
    require_known(student, {*roster, *(each.student for each in book.standing())}, nobody)
    usual = files.course.policy.due_for(student, exercise.id)
    if usual is None:
        raise UsageFault(say("{id} has no due date, so nobody needs more time", id=exercise.id))
    moment = None if until is None else _moment(until, files)
    if moment is not None and moment <= usual:
        raise UsageFault(
            say("an extension is a later due date; the one that counts is {time}", time=f"{usual:%Y-%m-%d %H:%M}")
        )
    given = Extension(moment, require_reason(reason), author(by), datetime.now(UTC))
    book.add_extension(student, exercise.id, given)
    return policy_of(files, book).due_for(student, exercise.id)


def _moment(typed: str, files: CourseFiles) -> datetime:
    """Return the moment that course.yaml would read as well, in the course's own time."""
    found = moment_due(typed.strip(), files.course.policy.zone or UTC)
    if found is None or found.year not in _YEARS:
        example = "2026-12-01 23:59"
        raise UsageFault(
            say("{found} is not a date and time; write it as {example}", found=typed.strip() or '""', example=example)
        )
    return found
