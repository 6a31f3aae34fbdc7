"""What a teacher wants to know of a class while it works: who is missing, who is stuck, what is late, what waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from grader.core.course.policies.policy import Grade, Policy, State

# So many different attempts without all points are more than slips.
STUCK = 3


@dataclass(frozen=True)
class Status:
    """Where a class stands.

    Attributes:
        missing: the students who have handed in nothing, by exercise; of those that somebody has handed in, or that
            are due.
        stuck: of several attempts none has all points.
        late: work that came late by a time that can cost points, or whose penalty was let go.
        waiting: work without a score.
    """

    missing: Mapping[str, tuple[str, ...]]
    stuck: tuple[Grade, ...]
    late: tuple[Grade, ...]
    waiting: tuple[Grade, ...]


def status_of(
    grades: Mapping[tuple[str, str], Grade],
    students: Iterable[str],
    exercises: Iterable[str],
    policy: Policy,
    now: datetime,
) -> Status:
    """Return where these students stand at these exercises."""
    students = tuple(students)
    here = [grade for (student, _), grade in sorted(grades.items()) if student in set(students)]
    missing = {id: _missing(grades, students, id, policy, now) for id in exercises}
    return Status(
        {id: names for id, names in missing.items() if names and (_begun(here, id) or _is_due(policy, id, now))},
        tuple(grade for grade in here if _is_stuck(grade)),
        tuple(grade for grade in here if grade.penalty or (grade.late and grade.waiver is not None)),
        tuple(grade for grade in here if grade.state is State.VOID),
    )


def _missing(
    grades: Mapping[tuple[str, str], Grade], students: Collection[str], exercise: str, policy: Policy, now: datetime
) -> tuple[str, ...]:
    """Return who has nothing; those whose extension still runs are not missing."""

    def has_time(student: str) -> bool:
        own, others = policy.due_for(student, exercise), policy.due_for("", exercise)
        return own is not None and own != others and own > now

    return tuple(
        student
        for student in students
        if ((student, exercise) not in grades or grades[student, exercise].state is State.MISSING)
        and not has_time(student)
    )


def _begun(grades: Iterable[Grade], exercise: str) -> bool:
    return any(grade.exercise == exercise and grade.attempt is not None for grade in grades)


def _is_due(policy: Policy, exercise: str, now: datetime) -> bool:
    due = policy.due_for("", exercise)
    return due is not None and due <= now


def _is_stuck(grade: Grade) -> bool:
    return (
        grade.state is State.GRADED
        and grade.attempts >= STUCK
        and grade.score is not None
        and grade.score < grade.max_score
    )
