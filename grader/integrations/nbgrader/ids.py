"""nbgrader's ids of cells: what belongs to which exercise and check is read from them, years later too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from grader.core.course.exercise import Exercise


class Kind(Enum):
    """What a cell of ours is."""

    TEXT = "text"
    ANSWER = "answer"
    CHECK = "check"


@dataclass(frozen=True)
class CellRole:
    """What a cell is to an exercise; `check` is empty but for the cell that carries a check's points."""

    kind: Kind
    exercise: str
    check: str = ""

    @property
    def grade_id(self) -> str:
        """nbgrader allows letters, digits, _ and -; an exercise's id has digits and dots, a check's name no -."""
        parts = (self.kind.value, self.exercise.replace(".", "-"), self.check)
        return "-".join(part for part in parts if part)


def roles(exercises: Iterable[Exercise]) -> dict[str, CellRole]:
    """Return the role of every cell that assignments of these exercises have, by nbgrader's id."""
    every = [
        role
        for exercise in exercises
        for role in (
            CellRole(Kind.TEXT, exercise.id),
            CellRole(Kind.ANSWER, exercise.id),
            *(CellRole(Kind.CHECK, exercise.id, name) for name in exercise.points),
        )
    ]
    return {role.grade_id: role for role in every}
