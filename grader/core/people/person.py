"""Somebody who uses the course at the server, and what they are there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# What somebody's id, or name where there is no id, begins with whose data was erased: marks and comments stay, and
# nobody knows whose they are.
ERASED = "erased-"


class Role(StrEnum):
    """What somebody is; what each may do is one table, `grader/server/routes.py`."""

    STUDENT = "student"
    ASSISTANT = "assistant"
    TEACHER = "teacher"


@dataclass(frozen=True)
class Person:
    """Somebody with a way in.

    Attributes:
        student: the id on the roster; None of somebody who is not on it.
    """

    id: int
    role: Role
    student: str | None = None
    name: str = ""
    email: str = ""

    @property
    def erased(self) -> bool:
        return (self.name if self.student is None else self.student).startswith(ERASED)

    @property
    def shown(self) -> str:
        """What this person is called where others read it."""
        return self.name or self.student or self.email or self.role
