"""How far the time of a hand-in can be believed."""

from __future__ import annotations

from enum import IntEnum


class Trust(IntEnum):
    """Who says when something was handed in, the most trustworthy first.

    Only the first two cost points: the others are what a student, or whoever unpacks a download, can set.
    """

    SERVER = 1
    SYSTEM = 2
    ARCHIVE = 3
    COMMIT = 4
    FILE = 5

    @property
    def counts(self) -> bool:
        """Whether lateness by such a time may cost points."""
        return self <= Trust.SYSTEM
