"""Draws: what varies from probe to probe, and the seeded streams that it is drawn from."""

from __future__ import annotations

import hashlib
import hmac
import math
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import ClassVar

from grader.core.autodiff.expression import Expression
from grader.core.course.declared import Field, Size, Term
from grader.core.words.message import Message, say

_NARROWEST, _WIDEST, _FINEST = 1e-12, 1e12, 1e9
SIZE = Field("size", Size(), "How many of them: 3, or [20, 10]; without it one number.", required=False)


@dataclass(frozen=True)
class Array:
    """Numbers in row-major order with their shape; a scalar has the empty shape. Hashable, so jobs can be compared."""

    shape: tuple[int, ...]
    numbers: tuple[float | int, ...]


def seed_for(secret: bytes, *parts: str) -> bytes:
    """Return a seed: HMAC-SHA-256 over what it is for, such as an exercise and the digest of what decides its marks."""
    mac = hmac.new(secret, digestmod=hashlib.sha256)
    for part in (each.encode() for each in parts):
        mac.update(len(part).to_bytes(8, "big"))
        mac.update(part)
    return mac.digest()


def cotangent(seed: bytes, index: int, output: int, count: int) -> list[float]:
    """Return `count` hidden numbers in ±[0.5, 1.5]: none is near 0, so no element's gradient goes unseen."""
    stream = stream_of(seed, index, f"cotangent {output}")
    return [math.copysign(0.5 + stream.random(), stream.random() - 0.5) for _ in range(count)]


def stream_of(seed: bytes, index: int, name: str) -> random.Random:
    """Return the random numbers of one name at one probe."""
    return random.Random(hashlib.sha256(seed + index.to_bytes(4, "big") + name.encode()).digest())


def telling(size: tuple[int, ...], sample: Callable[[], float], spread: float) -> Array:
    """Return samples of few decimals, so that a learner can type them; never so few that 2.0 or 0.5 comes out.

    Args:
        sample: returns the next number; what is too round is drawn again.
        spread: how far the numbers lie apart, roughly; the decimals follow from it.
    """
    decimals = max(2, 3 - math.floor(math.log10(spread)))
    coarse = max(decimals - 2, 1)
    rounded = (round(sample(), decimals) for _ in iter(int, 1))
    kept = (number for number in rounded if number != round(number, coarse))
    return Array(size, tuple(islice(kept, math.prod(size))))


class Made(Enum):
    """What a draw is made from; it decides where it may be written and in which order numbers are drawn."""

    ALONE = "alone"
    FROM_ANOTHER = "from another draw"
    IN_THE_BOX = "from the submission's own objects"


@dataclass(frozen=True)
class Source:
    """What numbers are drawn from.

    Attributes:
        stream: the draw's own random numbers.
        arrays: by name, the numbers of the draws that are made alone.
    """

    stream: random.Random
    arrays: Mapping[str, Array]


class Draw(Term, ABC):
    """What an author lets vary. A kind of draw is one file that answers all of this.

    Attributes:
        made: what it is made from.
        varies: whether its numbers differ from probe to probe. What does not vary can be wired into a program.
    """

    made: ClassVar[Made]
    varies: ClassVar[bool]

    @abstractmethod
    def numbers(self, source: Source) -> Array:
        """Return the numbers of one probe; never asked of what is made in the box."""

    def shape(self) -> tuple[int, ...]:
        """Return the shape of what is drawn; () for a single number, and where it is not known beforehand."""
        return ()

    def in_box(self) -> Expression | None:
        """Return what the box computes instead of being sent numbers; None but for what is made in the box."""
        return None

    def missing(self, _name: str, _draws: Mapping[str, Draw]) -> Iterable[Message]:
        """Return what it misses among the draws of its check, where it is called `name`; nothing where it is alone."""
        return ()


def draw_all(draws: Mapping[str, Draw], seed: bytes, index: int) -> dict[str, Array]:
    """Return the numbers of probe `index` for each name, without those that are computed in the box."""
    arrays: dict[str, Array] = {}
    for made in (Made.ALONE, Made.FROM_ANOTHER):
        alone = dict(arrays)
        for name, draw in draws.items():
            if draw.made is made:
                arrays[name] = draw.numbers(Source(stream_of(seed, index, name), alone))
    return arrays


def ordinary(numbers: Sequence[float], spread: float) -> Message | None:
    """Say that numbers around these, so far apart, could not be told apart; None where they can."""
    if not _NARROWEST < spread < _WIDEST or max(map(abs, numbers)) > spread * _FINEST:
        return say("numbers in this range cannot be distinguished; choose an ordinary range")
    return None
