"""Who needs help, by a rule that can be told in two sentences: what a teacher acts on must be plain to the teacher."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.core.cohort.summary import Standing
from grader.core.course.policies.policy import State

LOW = 0.5
REPEATED = 2


@dataclass(frozen=True)
class Need:
    """Why one student may need help.

    Attributes:
        missing: exercises that somebody in the class handed in and this student did not.
        share: of the points of the work that has a grade; None where none has.
        repeated: misconceptions that show in `REPEATED` exercises or more, with how many.
        lacking: points that the class could earn and this student has not. Here missing work lacks all its points,
            and work that we could not judge lacks none.
    """

    student: str
    missing: tuple[str, ...]
    share: float | None
    repeated: tuple[tuple[str, int], ...]
    lacking: float

    @property
    def low(self) -> bool:
        return self.share is not None and self.share < LOW


def needs(standings: Iterable[Standing]) -> tuple[Need, ...]:
    """Return the students who miss work, have less than half of their points, or repeat a misconception.

    Whoever lacks the most points comes first; among equals, whoever repeats more misconceptions.
    """
    by_student: dict[str, list[Standing]] = {}
    for standing in standings:
        by_student.setdefault(standing.grade.student, []).append(standing)
    # An exercise that nobody handed in is one that the class has not come to.
    begun = {
        standing.grade.exercise
        for group in by_student.values()
        for standing in group
        if standing.grade.state is not State.MISSING
    }
    found = [_need(student, group, begun) for student, group in by_student.items()]
    found = [need for need in found if need.missing or need.low or need.repeated]
    return tuple(sorted(found, key=lambda need: (-need.lacking, -len(need.repeated))))


def share_of(standings: Iterable[Standing]) -> float | None:
    """Return the share of the points of the work that has a grade; None where none has."""
    recorded = [standing.grade for standing in standings if standing.grade.points is not None]
    most = sum(grade.max_score for grade in recorded)
    return sum(grade.points or 0.0 for grade in recorded) / most if most else None


def _need(student: str, group: Sequence[Standing], begun: set[str]) -> Need:
    grades = [standing.grade for standing in group if standing.grade.exercise in begun]
    counted = Counter(name for standing in group for name in standing.misconceptions)
    return Need(
        student,
        tuple(grade.exercise for grade in grades if grade.state is State.MISSING),
        share_of(group),
        tuple((name, count) for name, count in counted.most_common() if count >= REPEATED),
        sum(
            max(grade.max_score - (grade.points or 0.0), 0.0)
            for grade in grades
            if grade.points is not None or grade.state is State.MISSING
        ),
    )
