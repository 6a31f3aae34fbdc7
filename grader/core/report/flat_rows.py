"""One line for each check of some exercises: what other tools' reports are made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.core.course.exercise import Exercise
from grader.core.report.finding import Finding

_MOST_SCALE = 1000


@dataclass(frozen=True)
class Row:
    """What is said of one check of one exercise.

    Attributes:
        verdict: as in a report, or `missing` where nothing was handed in.
        score: None where it could not be judged.
        message: what is said of it, in the reader's language.
        findings: what the message was made of.
    """

    exercise: str
    check: str
    verdict: str
    score: float | None
    max_score: float
    message: str
    findings: tuple[Finding, ...] = ()


def is_void(rows: Iterable[Row]) -> bool:
    """Return whether there is no score, because something could not be judged."""
    return any(row.score is None for row in rows)


def total(rows: Iterable[Row]) -> float | None:
    """Return the points of all rows; None where one could not be judged."""
    rows = list(rows)
    return None if is_void(rows) else math.fsum(row.score or 0.0 for row in rows)


def whole_scale(exercises: Sequence[Exercise]) -> int | None:
    """Return the smallest factor by which all points that can be earned become whole numbers; None where none is small.

    It follows from the exercises and never from a result, so that it is the same for all students.
    """
    points: list[float] = []
    for exercise in exercises:
        points += exercise.points.values()
        points += exercise.work.partial_points()
    # As written: 0.1 is a tenth, not the nearest binary fraction.
    scale = math.lcm(*(Fraction(repr(float(each))).denominator for each in points)) if points else 1
    return scale if scale <= _MOST_SCALE else None
