"""A measured difference between an observation and the reference, and the sentence that tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grader.core.words.message import Message, say
from grader.core.words.numbers import show, show_interval

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


def told(mismatch: Mismatch, reasons: Mapping[str, Message]) -> Message:
    """Return the sentence for `mismatch`, one of these by its reason."""
    interval = ""
    if mismatch.expected is not None and mismatch.allowed is not None:
        interval = show_interval(mismatch.expected, mismatch.allowed)
    return replace(
        reasons[mismatch.reason],
        arguments={
            "subject": mismatch.subject,
            "place": "[" + ", ".join(map(str, mismatch.place)) + "]",
            "step": (mismatch.place[0] if mismatch.place else 0) + 1,
            "previous": mismatch.place[0] if mismatch.place else 0,
            "actual": "" if mismatch.actual is None else show(mismatch.actual),
            "interval": interval,
            **mismatch.fields,
        },
    )


def shown_shape(shape: tuple[int, ...]) -> str:
    """Return a shape as people read it: 1×20, and () for a single number."""
    return "×".join(map(str, shape)) if shape else "()"
