"""What an author lets vary: the port that every kind of draw answers, and the numbers of a probe."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from grader.core.autodiff.expression import Expression
from grader.core.course.declared import Declared, Field, Size
from grader.core.course.sampling import Array, stream_of
from grader.core.words.message import Message, say

_NARROWEST, _WIDEST, _FINEST = 1e-12, 1e12, 1e9
SIZE = Field("size", Size(), "How many of them: 3, or [20, 10]; without it one number.", required=False)


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


class Draw(Declared, ABC):
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
        return say("numbers in this range cannot be told apart; choose an ordinary range")
    return None
