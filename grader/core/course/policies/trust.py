"""How far the time of a hand-in can be believed."""

from __future__ import annotations

from enum import IntEnum


class Trust(IntEnum):
    """Who says when something was handed in, the most trustworthy first.

    A teacher's word is last: what it says later holds. Of the others only the next two cost points: the rest are what
    a student, or whoever unpacks a download, can set.
    """

    TEACHER = 0
    SERVER = 1
    SYSTEM = 2
    ARCHIVE = 3
    COMMIT = 4
    FILE = 5

    @property
    def counts(self) -> bool:
        """Whether lateness by such a time may cost points."""
        return self <= Trust.SYSTEM
