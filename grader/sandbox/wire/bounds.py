"""What every frame from a child is held to: its sizes, and the kinds of field that a header may have."""

from __future__ import annotations

import struct
from typing import Annotated

from msgspec import Meta

HEAD = struct.Struct(">II")
MOST_HEADER = 8 * 2**20
MOST_BLOCK = 64 * 2**20
MOST_STEPS = 5000

Short = Annotated[str, Meta(max_length=200)]
Long = Annotated[str, Meta(max_length=2000)]
Line = Annotated[int, Meta(ge=0, le=10_000_000)]


class WireViolation(ValueError):
    """The child sent bytes that no honest child sends."""


def parts_of(raw: bytes) -> tuple[bytes, bytes]:
    """Return a frame's header and its block.

    Raises:
        WireViolation: where the two lengths in front are not those of what follows.
    """
    if len(raw) < HEAD.size:
        raise WireViolation("a frame without its two lengths")
    length, rest = HEAD.unpack_from(raw)
    if len(raw) != HEAD.size + length + rest:
        raise WireViolation("a frame of other lengths than it says")
    return raw[HEAD.size : HEAD.size + length], raw[HEAD.size + length :]
