"""What a teacher wants to see of a whole class: how each exercise went, and which mistakes are the most frequent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.core.policy import Grade, State


@dataclass(frozen=True)
class Standing:
    """Where one student stands at one exercise.

    Attributes:
        report: the report of the attempt that counts, as its JSON object; None where there is none.
    """

    grade: Grade
    report: Mapping[str, Any] | None = None

    @property
    def verdicts(self) -> set[str]:
        return {check["verdict"] for check in self.report["checks"]} if self.report else set()

    @property
    def misconceptions(self) -> list[str]:
        """Names of the mistakes found, each once: several checks may show the same one."""
        checks: Sequence[Mapping[str, Any]] = self.report["checks"] if self.report else ()
        # Names after the first are other explanations of the same numbers.
        return list(dict.fromkeys(check["misconceptions"][0]["name"] for check in checks if check["misconceptions"]))


@dataclass(frozen=True)
class ExerciseSummary:
    """How one exercise went.

    Attributes:
        mean: of the points recorded, as a share of the most; None where none is recorded.
        errors: submissions of which a check was stopped by an error.
        misconceptions: names and how many students showed them, the most frequent first.
    """

    exercise: str
    submitted: int
    missing: int
    void: int
    full_marks: int
    errors: int
    mean: float | None
    misconceptions: tuple[tuple[str, int], ...]


def summarise(standings: Iterable[Standing]) -> tuple[ExerciseSummary, ...]:
    """Return a summary for each exercise, in the order in which exercises first appear."""
    by_exercise: dict[str, list[Standing]] = {}
    for standing in standings:
        by_exercise.setdefault(standing.grade.exercise, []).append(standing)
    return tuple(_summary(exercise, group) for exercise, group in by_exercise.items())


def _summary(exercise: str, group: Sequence[Standing]) -> ExerciseSummary:
    grades = [standing.grade for standing in group]
    recorded = [grade for grade in grades if grade.points is not None]
    shares = [(grade.points or 0.0) / grade.max_score for grade in recorded if grade.max_score]
    counted = Counter(name for standing in group for name in standing.misconceptions)
    missing = sum(grade.state is State.MISSING for grade in grades)
    return ExerciseSummary(
        exercise,
        submitted=len(group) - missing,
        missing=missing,
        void=sum(grade.state is State.VOID for grade in grades),
        full_marks=sum(grade.points is not None and grade.points >= grade.max_score for grade in grades),
        errors=sum("error" in standing.verdicts for standing in group),
        mean=sum(shares) / len(shares) if shares else None,
        misconceptions=tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0]))),
    )
