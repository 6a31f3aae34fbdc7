"""What crosses between a program and the author's tests: asks and replies, read strictly by the host in between.

Values are plain data, each under its own tag. The host decodes every frame into the types below, looks at its bounds,
and sends on what it understood, written again: no byte of one child reaches the other.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from typing import Annotated, Literal, TypeVar

import msgspec
import numpy as np
from msgspec import Meta

from grader.sandbox.wire.frames import HEAD, Line, Long, Short, WireViolation

_DEEPEST = 60
_WORD = r"^[A-Za-z_][A-Za-z0-9_.]*$"

Word = Annotated[str, Meta(max_length=100, pattern=_WORD)]
Id = Annotated[int, Meta(ge=0, le=1_000_000)]
Digits = Annotated[str, Meta(max_length=4000, pattern="^-?[0-9]+$")]
Hex = Annotated[str, Meta(max_length=40, pattern=r"^(-?0x[01]\.[0-9a-f]{1,13}p[+-][0-9]{1,4}|-?inf|nan)$")]
Dtype = Annotated[str, Meta(max_length=8, pattern=r"^[<|][biufcU][0-9]{1,4}$")]
Dimensions = Annotated[list[Annotated[int, Meta(ge=0, le=2**40)]], Meta(max_length=32)]
TorchDtype = Literal[
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "complex64",
    "complex128",
    "bool",
    "uint8",
    "int8",
    "int16",
    "int32",
    "int64",
]
Verb = Literal[
    "name",
    "names",
    "bind",
    "unbind",
    "call",
    "get",
    "set",
    "item",
    "put",
    "len",
    "iter",
    "next",
    "str",
    "repr",
    "is",
]
Text = Annotated[str, Meta(max_length=4_000_000)]


class _Value(msgspec.Struct, forbid_unknown_fields=True, tag_field="t"):
    pass


class Nothing(_Value, tag="none"):
    pass


class Truth(_Value, tag="bool"):
    v: bool


class Whole(_Value, tag="int"):
    v: Digits


class Real(_Value, tag="float"):
    v: Hex


class Complex(_Value, tag="complex"):
    re: Hex
    im: Hex


class String(_Value, tag="str"):
    v: Text


class Bytes(_Value, tag="bytes"):
    v: bytes


class Range(_Value, tag="range"):
    v: Annotated[list[Digits], Meta(min_length=3, max_length=3)]


class Items(_Value, tag="items"):
    kind: Literal["list", "tuple", "set", "frozenset"]
    v: list[Value]


class Pairs(_Value, tag="dict"):
    v: list[tuple[Value, Value]]


class Array(_Value, tag="array"):
    dtype: Dtype
    shape: Dimensions
    data: bytes
    scalar: bool = False


class Tensor(_Value, tag="tensor"):
    dtype: TorchDtype
    shape: Dimensions
    data: bytes
    requires_grad: bool = False
    grad: Tensor | None = None


class Handle(_Value, tag="handle"):
    """An object that stays where it is. `types` are the built-in classes that an exception class comes from."""

    id: Id
    kind: Literal["function", "class", "exception", "object"] = "object"
    type: Short = ""
    types: Annotated[list[Word], Meta(max_length=20)] = []


class Function(_Value, tag="function"):
    """A function of the tests, which the program may call."""

    id: Id


Value = (
    Nothing
    | Truth
    | Whole
    | Real
    | Complex
    | String
    | Bytes
    | Range
    | Items
    | Pairs
    | Array
    | Tensor
    | Handle
    | Function
)
Values = Annotated[list[Value], Meta(max_length=200)]


class _Frame(msgspec.Struct, forbid_unknown_fields=True, tag_field="frame"):
    pass


class Ask(_Frame, tag="ask"):
    """Something to be done with an object of the other child: `of`, or where there is none, its top level."""

    do: Verb
    of: Id | None = None
    name: Short = ""
    args: Values = []
    kwargs: Annotated[dict[Short, Value], Meta(max_length=200)] = {}


class Raised(msgspec.Struct, forbid_unknown_fields=True):
    """An exception: its class, the built-in classes that it comes from, the nearest first, and its arguments."""

    name: Short
    types: Annotated[list[Word], Meta(max_length=20)]
    args: Values
    text: Long
    line: Line
    id: Id | None = None


class Reply(_Frame, tag="reply"):
    """What became of an ask. `after` are the arguments that it changed, None for those that it did not."""

    value: Value | None = None
    raised: Raised | None = None
    after: Annotated[list[Value | None], Meta(max_length=400)] = []
    printed: Annotated[str, Meta(max_length=100_000)] = ""


class Collected(_Frame, tag="collected"):
    names: Annotated[list[Annotated[str, Meta(max_length=500)]], Meta(max_length=10_000)]


class CaseFrame(_Frame, tag="case"):
    name: Annotated[str, Meta(max_length=500)]
    outcome: Literal["passed", "failed", "raised", "error", "skipped"]
    type_name: Short = ""
    text: Annotated[str, Meta(max_length=20_000)] = ""
    line: Line = 0
    share: Annotated[float, Meta(ge=0, le=1)] | None = None
    because: Long = ""


class Broken(_Frame, tag="broken"):
    text: Annotated[str, Meta(max_length=20_000)]


class Done(_Frame, tag="done"):
    pass


OfProgram = Ask | Reply
OfTests = Ask | Reply | Collected | CaseFrame | Broken | Done
_OF_PROGRAM: msgspec.json.Decoder[OfProgram] = msgspec.json.Decoder(OfProgram)
_OF_TESTS: msgspec.json.Decoder[OfTests] = msgspec.json.Decoder(OfTests)
_ENCODER = msgspec.json.Encoder()


def from_program(raw: bytes) -> OfProgram:
    """Read one frame of the program's child.

    Raises:
        WireViolation: where it is anything but an ask or a reply within bounds.
    """
    return _read(_OF_PROGRAM, raw)


def from_tests(raw: bytes) -> OfTests:
    """Read one frame of the tests' child.

    Raises:
        WireViolation: where it is not well formed and within bounds.
    """
    return _read(_OF_TESTS, raw)


def onward(frame: Ask | Reply) -> bytes:
    """Return the bytes by which the other child is told what `frame` says."""
    body = _ENCODER.encode(frame)
    return struct.pack(">I", len(body)) + body


T = TypeVar("T")


def _read(decoder: msgspec.json.Decoder[T], raw: bytes) -> T:
    length, rest = HEAD.unpack_from(raw)
    if rest:
        raise WireViolation("a block where none belongs")
    try:
        frame = decoder.decode(raw[HEAD.size : HEAD.size + length])
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
        raise WireViolation(str(error)[:200]) from None
    if isinstance(frame, Ask):
        _hold([*frame.args, *frame.kwargs.values()])
    elif isinstance(frame, Reply):
        raised = frame.raised.args if frame.raised else []
        _hold([value for value in (frame.value, *frame.after, *raised) if value is not None])
    return frame


def _hold(values: Iterable[Value]) -> None:
    """Look at depth, and at whether arrays are as long as they say."""
    left = [(value, 0) for value in values]
    while left:
        value, depth = left.pop()
        if depth > _DEEPEST:
            raise WireViolation("nested too deeply")
        match value:
            case Items(v=items):
                left += [(item, depth + 1) for item in items]
            case Pairs(v=pairs):
                left += [(item, depth + 1) for pair in pairs for item in pair]
            case Array(dtype=dtype, shape=shape, data=data):
                _hold_length(math.prod(shape) * np.dtype(dtype).itemsize, data)
            case Tensor(dtype=dtype, shape=shape, data=data, grad=grad):
                _hold_length(math.prod(shape) * _BYTES.get(dtype, 8), data)
                left += [] if grad is None else [(grad, depth + 1)]
            case _:
                pass


_BYTES = {"complex128": 16, "bfloat16": 2, "float16": 2, "float32": 4, "int32": 4, "int16": 2} | dict.fromkeys(
    ("bool", "uint8", "int8"), 1
)


def _hold_length(wanted: int, data: bytes) -> None:
    if wanted != len(data):
        raise WireViolation("an array of another length than it says")
