"""A student, as the roster names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Student:
    """One line of the roster.

    Attributes:
        id: how submissions call the student.
        known_as: what single systems call the student, by the system: `login`, `github`, `canvas`, …
    """

    id: str
    name: str = ""
    email: str = ""
    known_as: Mapping[str, str] = field(default_factory=dict, hash=False)
