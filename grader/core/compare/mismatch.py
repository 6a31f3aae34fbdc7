"""A measured difference between an observation and the reference, and the sentence for each reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mismatch:
    """One difference: where it is worst, what was observed, what was expected, and what would have been allowed.

    Attributes:
        reason: in what an observation differs; the comparison has a sentence for it.
        place: index of the worst element, or of the first step that differs, counted from 0; empty for a scalar.
        actual, expected, allowed: numbers at that place, where there are numbers.
        fields: what else the sentence says.
    """

    reason: str
    place: tuple[int, ...] = ()
    actual: float | None = None
    expected: float | None = None
    allowed: float | None = None
    fields: Mapping[str, object] = field(default_factory=dict)


def shown_shape(shape: tuple[int, ...]) -> str:
    """Return a shape as people read it: 1×20, and () for a single number."""
    return "×".join(map(str, shape)) if shape else "()"
