"""What crosses between a program and the author's tests: asks and replies, read strictly by the host in between.

Values are plain data, each under its own tag. The host decodes every frame into the types below, looks at its bounds,
and sends on what it understood, written again: no byte of one child reaches the other.
"""

from __future__ import annotations

import struct
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from grader.sandbox.wire.frames import HEAD, Line, Long, Short, WireViolation
from grader.sandbox.wire.tests_values import Id, Value, Values, Word, hold

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
    "under",
    "class",
]


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
        hold([*frame.args, *frame.kwargs.values()])
    elif isinstance(frame, Reply):
        raised = frame.raised.args if frame.raised else []
        hold([value for value in (frame.value, *frame.after, *raised) if value is not None])
    return frame
