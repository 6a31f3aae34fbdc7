"""From scores to grades: due dates, lateness, which attempt counts, and marks given by hand.

A score is what the checks earned. A grade is what is recorded: the score of the attempt that counts, less a penalty for
lateness, unless somebody set it by hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from typing import Any

from grader.core.course.trust import Trust

# A student and an exercise.
Place = tuple[str, str]


@dataclass(frozen=True)
class Late:
    """What lateness costs.

    Attributes:
        grace: lateness that costs nothing.
        penalty: share of the score, 0 to 1, lost for each `every` begun after the due date.
        every: None where lateness is charged once.
        at_most: largest share that can be lost.
    """

    grace: timedelta = timedelta()
    penalty: float = 0.0
    every: timedelta | None = None
    at_most: float = 1.0

    def share(self, by: timedelta, on_the_clock: timedelta | None = None) -> float:
        """Return the share of the score that is lost by this lateness.

        Args:
            on_the_clock: the same lateness as a clock on the wall shows it, where that is another: whole days are
                counted by it, so that a day of 25 hours is one day.
        """
        if by <= self.grace:
            return 0.0
        if self.every is None:
            return min(self.penalty, self.at_most)
        by_days = on_the_clock is not None and self.every % timedelta(days=1) == timedelta()
        times = math.ceil((on_the_clock if by_days and on_the_clock is not None else by) / self.every)
        return min(self.penalty * max(times, 1), self.at_most)


class Attempts(Enum):
    """Which of several attempts counts."""

    LAST = "last"
    BEST = "best"


@dataclass(frozen=True)
class Policy:
    """The rules of one course.

    Attributes:
        due: by exercise id, or by lecture id for all its exercises.
        extensions: the same for single students, by student.
        zone: in which the dates are meant, and days begin; None where nobody says.
    """

    due: Mapping[str, datetime] = field(default_factory=dict)
    late: Late = Late()
    attempts: Attempts = Attempts.BEST
    extensions: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    zone: tzinfo | None = None

    def due_for(self, student: str, exercise: str) -> datetime | None:
        """Return when this student's work is due: an exercise before its lecture; an extension never shortens."""
        lecture = exercise.partition(".")[0]
        rules = (self.due, self.extensions.get(student, {}))
        dates = [rule.get(exercise, rule.get(lecture)) for rule in rules]
        return max((date for date in dates if date is not None), default=None)

    def share(self, submitted: datetime, due: datetime) -> float:
        """Return the share of the score that a submission of this time loses."""
        zone = self.zone or UTC
        clock = submitted.astimezone(zone).replace(tzinfo=None) - due.astimezone(zone).replace(tzinfo=None)
        return self.late.share(submitted - due, clock)


@dataclass(frozen=True)
class Attempt:
    """One judged submission.

    Attributes:
        score: None where it could not be judged.
        result: the number of its result in the gradebook.
        trust: in the time; None where that was recorded before times were distinguished.
    """

    submitted: datetime
    score: float | None
    result: int = 0
    trust: Trust | None = None

    @property
    def may_cost(self) -> bool:
        """Whether lateness by this time may cost points; by times from before they were distinguished, it does."""
        return self.trust is None or self.trust.counts


@dataclass(frozen=True)
class Waiver:
    """A penalty for lateness that a teacher lets go. `waives` False takes earlier ones back."""

    waives: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Override:
    """A mark set by hand. `score` None takes earlier ones back."""

    score: float | None
    reason: str
    by: str
    at: datetime


class State(Enum):
    """What a grade rests on."""

    GRADED = "graded"
    MISSING = "missing"
    VOID = "void"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True)
class Grade:
    """What is recorded for one student and one exercise.

    Attributes:
        score: points that the checks of the counting attempt earned; None where there is none.
        penalty: points lost to lateness.
        points: what is recorded, None where nothing is: missing work is no zero, nor is work that we could not judge.
        attempt: the attempt that counts.
        late: by how much it came after its due date.
        lost: the share of the score that lateness takes.
    """

    student: str
    exercise: str
    state: State
    max_score: float
    score: float | None = None
    penalty: float = 0.0
    points: float | None = None
    attempt: Attempt | None = None
    late: timedelta = timedelta()
    attempts: int = 0
    override: Override | None = None
    waiver: Waiver | None = None
    lost: float = 0.0


def grade_of(
    student: str,
    exercise: str,
    max_score: float,
    attempts: Sequence[Attempt],
    policy: Policy,
    override: Override | None = None,
    waiver: Waiver | None = None,
) -> Grade:
    """Return the grade that follows from all attempts of a student at an exercise.

    Args:
        attempts: as they were recorded: of two of one time, the later one here counts as the later one.
    """
    due = policy.due_for(student, exercise)
    grades = [
        _of_attempt(student, exercise, max_score, attempt, len(attempts), due, policy, waiver)
        for attempt in sorted(attempts, key=lambda attempt: attempt.submitted)
    ]
    grade = _counting(grades, policy) or Grade(student, exercise, State.MISSING, max_score)
    if override is None or override.score is None:
        return grade
    return Grade(
        student,
        exercise,
        State.OVERRIDDEN,
        max_score,
        grade.score,
        grade.penalty,
        override.score,
        grade.attempt,
        grade.late,
        grade.attempts,
        override,
        grade.waiver,
    )


def _of_attempt(
    student: str,
    exercise: str,
    max_score: float,
    attempt: Attempt,
    count: int,
    due: datetime | None,
    policy: Policy,
    waiver: Waiver | None,
) -> Grade:
    by = _after(due, attempt.submitted) if due is not None else timedelta()
    waived = waiver if waiver is not None and waiver.waives else None
    share = 0.0 if waived or due is None or not attempt.may_cost else policy.share(attempt.submitted, due)
    alike: dict[str, Any] = {"attempt": attempt, "late": by, "attempts": count, "waiver": waived}
    if attempt.score is None:
        return Grade(student, exercise, State.VOID, max_score, lost=share, **alike)
    penalty = attempt.score * share
    points = attempt.score - penalty
    return Grade(student, exercise, State.GRADED, max_score, attempt.score, penalty, points, lost=share, **alike)


def _after(due: datetime, submitted: datetime) -> timedelta:
    """Return by how much it came late, in whole seconds where it is more than one: days and minutes end just before."""
    by = max(submitted - due, timedelta())
    return timedelta(by.days, by.seconds) if by >= timedelta(seconds=1) else by


def _counting(grades: Sequence[Grade], policy: Policy) -> Grade | None:
    """Return the last grade, or the best. While an attempt could still be judged better, nothing is final: void."""
    if not grades:
        return None
    if policy.attempts is Attempts.LAST:
        return grades[-1]
    best = max(grades, key=lambda grade: -1.0 if grade.points is None else grade.points)
    for void in (grade for grade in reversed(grades) if grade.points is None):
        most = void.max_score - void.max_score * void.lost
        if best.points is None or best.points < most:
            return void
    return best
