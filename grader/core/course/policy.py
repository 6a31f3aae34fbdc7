"""From scores to grades: due dates, lateness, which attempt counts, and marks given by hand.

A score is what the checks earned. A grade is what is recorded: the score of the attempt that counts, less a penalty for
lateness, unless somebody set it by hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import Enum


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

    def share(self, by: timedelta) -> float:
        """Return the share of the score that is lost by this lateness."""
        if by <= self.grace:
            return 0.0
        times = math.ceil(by / self.every) if self.every else 1
        return min(self.penalty * times, self.at_most)


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


@dataclass(frozen=True)
class Attempt:
    """One judged submission.

    Attributes:
        score: None where it could not be judged.
        result: the number of its result in the gradebook.
    """

    submitted: datetime
    score: float | None
    result: int = 0


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


def grade_of(
    student: str,
    exercise: str,
    max_score: float,
    attempts: Sequence[Attempt],
    policy: Policy,
    override: Override | None = None,
) -> Grade:
    """Return the grade that follows from all attempts of a student at an exercise.

    Args:
        attempts: as they were recorded: of two of one time, the later one here counts as the later one.
    """
    due = policy.due_for(student, exercise)
    grades = [
        _of_attempt(student, exercise, max_score, attempt, len(attempts), due, policy.late)
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
    )


def _of_attempt(
    student: str, exercise: str, max_score: float, attempt: Attempt, count: int, due: datetime | None, late: Late
) -> Grade:
    by = max(attempt.submitted - due, timedelta()) if due is not None else timedelta()
    if attempt.score is None:
        return Grade(student, exercise, State.VOID, max_score, attempt=attempt, late=by, attempts=count)
    penalty = attempt.score * late.share(by)
    return Grade(
        student, exercise, State.GRADED, max_score, attempt.score, penalty, attempt.score - penalty, attempt, by, count
    )


def _counting(grades: Sequence[Grade], policy: Policy) -> Grade | None:
    """Return the last grade, or the best. While an attempt could still be judged better, nothing is final: void."""
    if not grades:
        return None
    if policy.attempts is Attempts.LAST:
        return grades[-1]
    best = max(grades, key=lambda grade: -1.0 if grade.points is None else grade.points)
    for void in (grade for grade in reversed(grades) if grade.points is None):
        most = void.max_score - void.max_score * policy.late.share(void.late)
        if best.points is None or best.points < most:
            return void
    return best
