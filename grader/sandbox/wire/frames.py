"""The frames that a child sends: headers of these types with float64 arrays, held to these sizes, and nothing else.

Unknown fields, NaN, infinities, numbers out of range, lone surrogates, deep nesting and trailing bytes are refused by
the decoder. Nothing is unpickled.
"""

from __future__ import annotations

import struct
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta
from safetensors import SafetensorError
from safetensors.numpy import load

from grader.core.run.trace import Floats

HEAD = struct.Struct(">II")
MOST_HEADER = 8 * 2**20
MOST_BLOCK = 64 * 2**20
MOST_STEPS = 5000

Short = Annotated[str, Meta(max_length=200)]
Long = Annotated[str, Meta(max_length=2000)]
Line = Annotated[int, Meta(ge=0, le=10_000_000)]
# A block, or a row of one: what is recorded step by step is stacked.
Ref = Annotated[str, Meta(max_length=16, pattern="^[0-9]+(?:[.][0-9]+)?$")]
Names = Annotated[list[Short], Meta(max_length=1000)]
# Bytes of a block's index for a byte of the header: a trace's leaf needs 4 to 5. Reading the index costs microseconds
# an array while no limit of a run holds, and what the header does not refer to is refused anyway.
_INDEX_SHARE, _LEAST_INDEX = 8, 1024
_MOST_DIMENSIONS = 8


class WireViolation(ValueError):
    """The child sent bytes that no honest child sends."""


def parts_of(raw: bytes | memoryview) -> tuple[bytes, bytes]:
    """Return a frame's header and its block.

    Raises:
        WireViolation: where the two lengths in front are not those of what follows.
    """
    if len(raw) < HEAD.size:
        raise WireViolation("a frame without its two lengths")
    length, rest = HEAD.unpack_from(raw)
    if len(raw) != HEAD.size + length + rest:
        raise WireViolation("a frame of other lengths than it says")
    return bytes(raw[HEAD.size : HEAD.size + length]), bytes(raw[HEAD.size + length :])


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
    text: Long | None = None
    place: Annotated[
        list[Annotated[int, Meta(ge=0, le=1_000_000)] | Annotated[str, Meta(max_length=60)]], Meta(max_length=8)
    ] = []
    within: Annotated[str, Meta(pattern="^(?:dict|list|tuple)?$")] = ""
    parts: Annotated[list[ValuePart], Meta(max_length=64)] = []


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


class Opened(_Frame, tag="opened"):
    """Whether the device that a job needs is there; before the first line of the program."""

    opened: bool


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
    longer: Annotated[dict[Short, Annotated[int, Meta(ge=0, le=2**40)]], Meta(max_length=100)] = {}


class Trained(_Frame, tag="trained"):
    raised: RaisedPart | None = None
    missing: Short | None = None
    steps: Annotated[int, Meta(ge=0, le=10**9)] = 0
    losses: Ref | None = None


# The parameters of a module: names and shapes.
Slots = Annotated[
    list[tuple[Short, Annotated[list[Annotated[int, Meta(ge=0, le=2**40)]], Meta(max_length=8)]]], Meta(max_length=100)
]


class ModulePart(msgspec.Struct, forbid_unknown_fields=True):
    """A module whose parameters are not the solution's; `type_name` of what is none."""

    name: Short
    type_name: Short
    slots: Slots
    unregistered: Annotated[int, Meta(ge=0, le=10**6)] = 0


class CalledFrame(_Frame, tag="called"):
    raised: RaisedPart | None = None
    missing: Short | None = None
    signature: Annotated[str, Meta(max_length=500)] | None = None
    unbound: Names = []
    values: Annotated[list[ValuePart], Meta(max_length=64)] | None = None
    module: ModulePart | None = None
    after: Annotated[
        dict[Annotated[str, Meta(max_length=500)], Annotated[list[ValuePart], Meta(max_length=64)]], Meta(max_length=20)
    ] = {}
    draws: Annotated[list[ValuePart], Meta(max_length=64)] = []
    cost: Annotated[
        dict[Literal["operations", "calls", "memory"], Annotated[int, Meta(ge=0, le=10**15)]], Meta(max_length=3)
    ] = {}
    layouts: Annotated[dict[Short, Slots], Meta(max_length=20)] = {}


class Gradients(_Frame, tag="gradients"):
    not_required: Names = []
    gradients: Annotated[dict[Short, Annotated[list[Ref | None], Meta(max_length=64)]], Meta(max_length=100)] = {}
    raised: RaisedPart | None = None


class Answers(_Frame, tag="answers"):
    values: Annotated[list[float], Meta(max_length=1000)]


class Gradchecked(_Frame, tag="gradchecked"):
    faults: Annotated[dict[Short, Long], Meta(max_length=100)]


class Made(_Frame, tag="made"):
    """The files that an author's make_files.py made, their contents in base64, or what it raised."""

    files: Annotated[list[tuple[Short, str]], Meta(max_length=20)] = []
    raised: RaisedPart | None = None


Frame = Ready | Done | Opened | Loaded | Ran | Trained | CalledFrame | Gradients | Answers | Gradchecked | Made
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


def arrays_of(block: bytes, header_length: int) -> dict[str, Floats]:
    """Return the arrays of a safetensors block by name.

    Raises:
        WireViolation: where it is not well formed, holds anything but float64, or has an index out of proportion.
    """
    if int.from_bytes(block[:8], "little") > _LEAST_INDEX + _INDEX_SHARE * header_length:
        raise WireViolation("more arrays than the header refers to")
    try:
        arrays = load(block) if block else {}
    except (SafetensorError, ValueError, RecursionError, KeyError, TypeError, OverflowError) as error:
        raise WireViolation(str(error)[:200]) from None
    if any(array.dtype != np.float64 or array.ndim > _MOST_DIMENSIONS for array in arrays.values()):
        raise WireViolation("an array that is not float64, or of more than 8 dimensions")
    return arrays


class Blocks:
    """The arrays of one frame. Each is referred to exactly once, as a whole or by its rows."""

    def __init__(self, arrays: dict[str, Floats]) -> None:
        self._arrays = arrays
        self._rows: dict[str, int] = {}

    def take(self, ref: str) -> Floats:
        """Return the array that a reference stands for."""
        if ref not in self._arrays:
            raise WireViolation("a reference to no array")
        if ref in self._rows:
            raise WireViolation("a reference to a whole and to its rows")
        return self._arrays.pop(ref)

    def take_rows(self, ref: str, count: int) -> list[Floats]:
        """Return so many rows from a reference on, in their order, so that none is left or used twice.

        A whole stands for one.
        """
        name, stacked, row = ref.partition(".")
        if not stacked and count == 1:
            return [self.take(ref)]
        array, first = self._arrays.get(name), self._rows.get(name, 0)
        if array is None or not stacked or array.ndim == 0 or int(row) != first or first + count > len(array):
            raise WireViolation("a reference to no row")
        self._rows[name] = first + count
        if first + count == len(array):
            del self._arrays[name]
        rows = array[first : first + count]
        return list(rows) if rows.ndim > 1 else [rows[place, ...] for place in range(count)]

    def require_all_used(self) -> None:
        if self._arrays:
            raise WireViolation("an array that nothing refers to")
