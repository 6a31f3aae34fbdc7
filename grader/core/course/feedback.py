"""How much a student is told of a submission before asking for hints."""

from __future__ import annotations

from enum import Enum


class Tells(Enum):
    """What `feedback: {submit: …}` may say.

    CAUSE: what differs and where, and what causes it. PLACE: what differs and where. VERDICT: which checks passed.
    """

    CAUSE = "cause"
    PLACE = "place"
    VERDICT = "verdict"
