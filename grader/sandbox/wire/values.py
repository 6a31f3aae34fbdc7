"""Reads values and exceptions out of what a child sends."""

from __future__ import annotations

from grader.core.run import observation as seen
from grader.sandbox.wire.frames import Blocks, RaisedPart, ValuePart, WireViolation
from grader.sandbox.wire.traces import take

_KINDS = frozenset({"tensor", "array", "number", "list", "text", "none", "several", "other"})
_WITHOUT_NUMBERS = frozenset({"text", "none", "several", "other"})


def value_of(value: ValuePart, arrays: Blocks) -> seen.Value:
    data = take(value.data, arrays)
    if value.kind not in _KINDS or (data is None) != (value.kind in _WITHOUT_NUMBERS):
        raise WireViolation("a value of no known kind")
    if (value.text is None) != (value.kind != "text"):
        raise WireViolation("a text that is none")
    if bool(value.parts) != (value.kind == "several") or any(part.parts for part in value.parts):
        raise WireViolation("parts of what has none")
    return seen.Value(
        value.kind,
        value.type_name,
        value.dtype,
        value.requires_grad,
        value.leaf,
        data,
        value.text,
        tuple(value.place),
        value.within,
        tuple(value_of(part, arrays) for part in value.parts),
    )


def raised_of(raised: RaisedPart) -> seen.Raised:
    return seen.Raised(raised.type_name, raised.message, raised.line, raised.function, tuple(raised.way), raised.lack)
