"""Which misconceptions a class shows, the most frequent first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.core.cohort.summary import Standing
from grader.integrations.pages.rendering import said_in


@dataclass(frozen=True)
class Frequent:
    """A misconception of the class; `students` is how many of them show it, however often."""

    name: str
    hint: str
    students: int
    exercises: tuple[str, ...]


def frequent(standings: Iterable[Standing], order: Sequence[str], language: str) -> tuple[Frequent, ...]:
    """Return the misconceptions by how many students show them; `order` is that of the exercises."""
    students: dict[str, set[str]] = {}
    exercises: dict[str, set[str]] = {}
    hints: dict[str, str] = {}
    for standing in standings:
        for name in standing.misconceptions:
            students.setdefault(name, set()).add(standing.grade.student)
            exercises.setdefault(name, set()).add(standing.grade.exercise)
        hints.update({name: hint for name, hint in _hints(standing, language).items() if name not in hints})
    found = [
        Frequent(name, hints[name], len(who), tuple(sorted(exercises[name], key=order.index)))
        for name, who in students.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.students, one.name)))


def _hints(standing: Standing, language: str) -> dict[str, str]:
    checks = standing.report["checks"] if standing.report else ()
    return {
        check["misconceptions"][0]["name"]: said_in(language, check["misconceptions"][0]["hint"])
        for check in checks
        if check["misconceptions"]
    }
