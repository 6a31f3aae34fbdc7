"""A measured difference between an observation and the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.core.words.message import Message, say

THE_RUN = say("the run")


@dataclass(frozen=True)
class Mismatch:
    """One difference: where it is worst, what was observed, what was expected, and what would have been allowed.

    Attributes:
        reason: in what an observation differs; the comparison has a sentence for it.
        subject: what was compared, as `forward(x) at x = 4`; None where that is what the check asks, which its judge
            names: most comparisons agree, and need no name.
        place: index of the worst element, or of the first step that differs, counted from 0; empty for a scalar.
        actual, expected, allowed: numbers at that place, where there are numbers.
        fields: what else the sentence says.
    """

    reason: str
    subject: Message | None = None
    place: tuple[int, ...] = ()
    actual: float | None = None
    expected: float | None = None
    allowed: float | None = None
    fields: Mapping[str, object] = field(default_factory=dict)


def shown_shape(shape: tuple[int, ...]) -> str:
    """Return a shape as people read it: 1×20, and () for a single number."""
    return "×".join(map(str, shape)) if shape else "()"
