"""Which misconceptions a class shows, the most frequent first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.core.cohort.summary import Standing
from grader.core.findings.telling import told
from grader.core.report.finding import Finding
from grader.core.words.message import Translate


@dataclass(frozen=True)
class Frequent:
    """A misconception of the class; `students` is how many of them show it, however often."""

    name: str
    hint: str
    students: int
    exercises: tuple[str, ...]


def frequent(
    standings: Iterable[Standing], order: Sequence[str], translate: Translate, language: str
) -> tuple[Frequent, ...]:
    """Return the misconceptions by how many students show them; `order` is that of the exercises."""
    students: dict[str, set[str]] = {}
    exercises: dict[str, set[str]] = {}
    hints: dict[str, Finding] = {}
    for standing in standings:
        for name in standing.misconceptions:
            students.setdefault(name, set()).add(standing.grade.student)
            exercises.setdefault(name, set()).add(standing.grade.exercise)
        hints = {**standing.hints, **hints}
    found = [
        Frequent(
            name, told(hints[name]).said(translate, language), len(who), tuple(sorted(exercises[name], key=order.index))
        )
        for name, who in students.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.students, one.name)))
