"""The frames that a child sends: headers of these types, and nothing else.

Unknown fields, NaN, infinities, numbers out of range, lone surrogates, deep nesting and trailing bytes are refused by
the decoder.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from grader.sandbox.wire.bounds import MOST_STEPS, Line, Long, Short, WireViolation

# A block, or a row of one: what is recorded step by step is stacked.
Ref = Annotated[str, Meta(max_length=16, pattern="^[0-9]+(?:[.][0-9]+)?$")]
Names = Annotated[list[Short], Meta(max_length=1000)]


class _Frame(msgspec.Struct, forbid_unknown_fields=True, tag_field="frame"):
    pass


class RaisedPart(msgspec.Struct, forbid_unknown_fields=True):
    type_name: Short
    message: Long
    line: Line
    function: Short = ""
    way: Annotated[list[Line], Meta(max_length=8)] = []
    lack: Annotated[str, Meta(max_length=16, pattern="^[a-z]*$")] = ""


class ValuePart(msgspec.Struct, forbid_unknown_fields=True):
    kind: str
    type_name: Annotated[str, Meta(max_length=300)]
    dtype: Short = ""
    requires_grad: bool = False
    leaf: bool = False
    data: Ref | None = None


class LeafPart(msgspec.Struct, forbid_unknown_fields=True):
    ids: Annotated[list[Annotated[int, Meta(ge=0, le=1_000_000)]], Meta(max_length=MOST_STEPS)]
    before: Ref | None
    fresh: Ref | None
    after: Ref | None


class StretchPart(msgspec.Struct, forbid_unknown_fields=True):
    """Steps that are alike: each reference is the first step's, and the others' are the rows behind it."""

    count: Annotated[int, Meta(ge=1, le=MOST_STEPS)]
    root: Ref | None
    leaves: Annotated[list[LeafPart], Meta(max_length=16)]


class TracePart(msgspec.Struct, forbid_unknown_fields=True):
    stretches: Annotated[list[StretchPart], Meta(max_length=MOST_STEPS)]
    count: Annotated[int, Meta(ge=0, le=10**12)]
    last: Annotated[list[Ref | None], Meta(max_length=16)]


class Ready(_Frame, tag="ready"):
    pass


class Done(_Frame, tag="done"):
    pass


class Loaded(_Frame, tag="loaded"):
    names: Names
    functions: Annotated[dict[Short, Annotated[str, Meta(max_length=500)]], Meta(max_length=1000)]
    skipped: Annotated[list[RaisedPart], Meta(max_length=20)]


class Ran(_Frame, tag="ran"):
    raised: RaisedPart | None = None
    unbound: Names = []
    odd: Annotated[dict[Short, Short], Meta(max_length=100)] = {}
    trace: TracePart | None = None
    stores: Ref | None = None
    finals: Annotated[dict[Short, ValuePart], Meta(max_length=100)] = {}


class CalledFrame(_Frame, tag="called"):
    raised: RaisedPart | None = None
    missing: Short | None = None
    signature: Annotated[str, Meta(max_length=500)] | None = None
    unbound: Names = []
    values: Annotated[list[ValuePart], Meta(max_length=32)] | None = None


class Gradients(_Frame, tag="gradients"):
    not_required: Names = []
    gradients: Annotated[dict[Short, Ref | None], Meta(max_length=100)] = {}
    raised: RaisedPart | None = None


class Answers(_Frame, tag="answers"):
    values: Annotated[list[float], Meta(max_length=1000)]


class Gradchecked(_Frame, tag="gradchecked"):
    faults: Annotated[dict[Short, Long], Meta(max_length=100)]


Frame = Ready | Done | Loaded | Ran | CalledFrame | Gradients | Answers | Gradchecked
_DECODER: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)


def header_of(header: bytes) -> Frame:
    """Read a frame's header.

    Raises:
        WireViolation: where it is anything but one of the frames above.
    """
    try:
        return _DECODER.decode(header)
    except (msgspec.MsgspecError, ValueError, RecursionError, KeyError, TypeError, OverflowError) as error:
        raise WireViolation(str(error)[:200]) from None
