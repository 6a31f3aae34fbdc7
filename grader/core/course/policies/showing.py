"""When students see grades and feedback of an exercise."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Showing(StrEnum):
    """When grades and feedback of an exercise are seen.

    HELD until a person says otherwise, whatever the due date is.
    """

    AT_ONCE = "at-once"
    AFTER_DUE = "after-due"
    HELD = "held"

    def is_open(self, due: datetime | None, now: datetime) -> bool:
        """Return whether a student whose work is due then sees them now. What is never due is not seen after that."""
        if self is Showing.AFTER_DUE:
            return due is not None and now > due
        return self is Showing.AT_ONCE
