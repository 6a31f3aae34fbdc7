"""Draws: what varies from probe to probe, and the seeded streams that it is drawn from."""

from __future__ import annotations

import hashlib
import hmac
import math
import random
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from grader.core.autodiff.expression import Expression
from grader.core.course.declared import Field, Size, Term, Truth
from grader.core.words.message import Message, say

# What numbers that may be shown are drawn from: everybody may know it.
PUBLIC_SEED = b"practice"
_NARROWEST, _WIDEST, _FINEST = 1e-12, 1e12, 1e9
# A side of a size that is a name is the whole number that is drawn for that name.
Sides = tuple[int | str, ...]
SIZE = Field(
    "size",
    Size(),
    "How many of them: 3, or [20, 10]; without it one number. [n, 10] where n is drawn, too.",
    required=False,
)
IID = Field(
    "iid", Truth(), "Draw each number by itself; otherwise no two of them are equal or nearly so.", required=False
)
TIES = Field("ties", Truth(), "Let every number come twice, for what is about equal numbers.", required=False)


@dataclass(frozen=True)
class Array:
    """Numbers in row-major order with their shape; a scalar has the empty shape. Hashable, so jobs can be compared.

    Attributes:
        dtype: `int64` or `bool`; "" for the default floating dtype.
        rows: how many numbers each of several lists of unequal length has; () where there are none such.
    """

    shape: tuple[int, ...]
    numbers: tuple[float | int, ...]
    dtype: str = ""
    rows: tuple[int, ...] = ()


def seed_for(secret: bytes, *parts: str) -> bytes:
    """Return a seed: HMAC-SHA-256 over what it is for, such as an exercise and the digest of what decides its marks."""
    mac = hmac.new(secret, digestmod=hashlib.sha256)
    for part in (each.encode() for each in parts):
        mac.update(len(part).to_bytes(8, "big"))
        mac.update(part)
    return mac.digest()


def cotangent(seed: bytes, index: int, count: int) -> list[float]:
    """Return `count` hidden numbers in ±[0.5, 1.5]: none is near 0, so no element's gradient goes unseen."""
    stream = stream_of(seed, index, "cotangent 0")
    return [math.copysign(0.5 + stream.random(), stream.random() - 0.5) for _ in range(count)]


def stream_of(seed: bytes, index: int, name: str) -> random.Random:
    """Return the random numbers of one name at one probe."""
    return random.Random(hashlib.sha256(seed + index.to_bytes(4, "big") + name.encode()).digest())


def shares(count: int, stream: random.Random, iid: bool = False, ties: bool = False) -> list[float]:
    """Return numbers in (0, 1) of which a distribution's inverse makes its own.

    Of several, each has a stratum of its own: u_i = (π(i) + ¼ + ½U) / n for a permutation π, so that neighbours are at
    least 1/(2n) apart. Ties and near ties would let chance decide which of several right programs gets the mark: the
    largest of a window, the order of a sort. Of the independent draws that were made before, 2 of 20 seeds had a tie
    among 384 numbers of three decimals.

    Args:
        iid: draw each by itself.
        ties: let numbers be equal: each stratum, there are half as many, is drawn from once and taken twice.
    """
    if iid or count < 2:
        return [min(max(stream.random(), 1e-12), 1 - 1e-12) for _ in range(count)]
    strata = (count + 1) // 2 if ties else count
    drawn = [(place + 0.25 + 0.5 * stream.random()) / strata for place in range(strata)]
    # As random.shuffle does it in one version of Python need not be how it does in the next.
    order = sorted((stream.random(), place) for place in range(count))
    return [drawn[place % strata] for _, place in order]


def telling(size: tuple[int, ...], made: Iterable[float], spread: float) -> Array:
    """Return numbers with few decimals, so that a learner can type them; never so few that 2.0 or 0.5 comes out.

    Args:
        made: the numbers as they are drawn.
        spread: how far the numbers lie apart, roughly; the decimals follow from it and from how many there are.
    """
    # Ten units of the last decimal lie between neighbours, which are half of 1/n of the spread apart.
    among = math.ceil(math.log10(20 * max(math.prod(size), 1) / spread))
    decimals = max(2, 3 - math.floor(math.log10(spread)), among)
    coarse = max(decimals - 2, 1)
    return Array(size, tuple(_telling(number, decimals, coarse) for number in made))


def _telling(number: float, decimals: int, coarse: int) -> float:
    rounded = round(number, decimals)
    if rounded != round(rounded, coarse):
        return rounded
    # One unit aside, to the side from which it was rounded: what is inside its bounds stays there.
    return round(rounded + math.copysign(10.0**-decimals, number - rounded), decimals)


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

    def sized(self, sides: Sides) -> tuple[int, ...]:
        """Return a size with what was drawn in place of names."""
        return tuple(int(self.arrays[side].numbers[0]) if isinstance(side, str) else side for side in sides)


# Its word, `uniform` or `normal`, and its two numbers.
Distribution = tuple[str, float, float]


class Draw(Term, ABC):
    """What an author lets vary. A kind of draw is one file that answers all of this.

    Attributes:
        made: what it is made from.
        varies: whether its numbers differ from probe to probe. What does not vary can be wired into a program.
        ties: whether equal numbers are meant to be among them.
    """

    made: ClassVar[Made]
    varies: ClassVar[bool]
    ties = False

    @abstractmethod
    def numbers(self, source: Source) -> Array:
        """Return the numbers of one probe; never asked of what is made in the box."""

    def shape(self) -> Sides:
        """Return the shape of what is drawn; () for a single number, and where it is not known beforehand."""
        return ()

    def most(self) -> int:
        """Return how many numbers it has at most, where its shape does not say so; 0 where it does."""
        return 0

    def counts(self) -> Sequence[int]:
        """Return the whole numbers that it is one of, where it can be the size of others; none of other draws."""
        return ()

    def in_box(self) -> Expression | None:
        """Return what the box computes instead of being sent numbers; None but for what is made in the box."""
        return None

    def dtype(self) -> str:
        """Return the dtype of what is drawn: `int64` or `bool`; "" for the default floating one."""
        return ""

    def distribution(self) -> Distribution | None:
        """Return what its numbers are drawn from, for a box that draws as many as it needs; None of others."""
        return None

    def missing(self, _name: str, _draws: Mapping[str, Draw]) -> Iterable[Message]:
        """Return what it misses among the draws of its check, where it is called `name`; nothing where it is alone."""
        return ()


def draw_all(
    draws: Mapping[str, Draw], seed: bytes, index: int, unlike: Mapping[str, frozenset[int]] | None = None
) -> dict[str, Array]:
    """Return the numbers of probe `index` for each name, without those that are computed in the box.

    Args:
        unlike: what names that are sizes are not to be, as they are so where students see it.
    """
    arrays: dict[str, Array] = _sizes(draws, seed, index, unlike or {})
    for made in (Made.ALONE, Made.FROM_ANOTHER):
        alone = dict(arrays)
        for name, draw in draws.items():
            if draw.made is made and name not in alone:
                arrays[name] = draw.numbers(Source(stream_of(seed, index, name), alone))
    return arrays


def sizes_in(draws: Mapping[str, Draw]) -> tuple[str, ...]:
    """Return the names that stand in sizes, each once."""
    return tuple(dict.fromkeys(side for draw in draws.values() for side in draw.shape() if isinstance(side, str)))


def _sizes(
    draws: Mapping[str, Draw], seed: bytes, index: int, unlike: Mapping[str, frozenset[int]]
) -> dict[str, Array]:
    """Return what is drawn for names that are sizes.

    One probe after the other takes the next of all possible sizes, in an order that is drawn once, so that no program
    with one size wired in is right by chance; and two sizes of a probe differ, where they can, so that none takes one
    for the other.
    """
    found: dict[str, Array] = {}
    for name in sizes_in(draws):
        stream = stream_of(seed, 0, f"{name} as a size")
        options = [each for each in draws[name].counts() if each not in unlike.get(name, ())] or draws[name].counts()
        order = [each for _, each in sorted((stream.random(), each) for each in options)]
        from_here = [order[(index + step) % len(order)] for step in range(len(order))]
        taken = {array.numbers[0] for array in found.values()}
        free = [each for each in from_here if each not in taken]
        found[name] = Array((), ((free or from_here)[0],), draws[name].dtype())
    return found


def independent(values: Mapping[str, Any]) -> Message | None:
    """Say that numbers cannot be drawn each by itself and come twice; None where only one of it is asked."""
    if values.get("iid") and values.get("ties"):
        return say("iid and ties exclude each other: leave one of them out")
    return None


def laid_out(values: Mapping[str, Any]) -> tuple[Sides, bool, bool]:
    """Return how many numbers are drawn, whether each by itself, and whether each comes twice."""
    return values.get("size", ()), values.get("iid", False), values.get("ties", False)


def ordinary(numbers: Sequence[float], spread: float) -> Message | None:
    """Say that numbers around these, so far apart, could not be told apart; None where they can."""
    if not _NARROWEST < spread < _WIDEST or max(map(abs, numbers)) > spread * _FINEST:
        return say("numbers in this range cannot be distinguished; choose an ordinary range")
    return None
