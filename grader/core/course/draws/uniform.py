"""Numbers drawn evenly between two."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.course.declared import Pair, Syntax
from grader.core.course.draws.draw import (
    IID,
    SIZE,
    TIES,
    Array,
    Distribution,
    Draw,
    Made,
    Sides,
    Source,
    independent,
    laid_out,
    ordinary,
    shares,
    telling,
)
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Uniform(Draw):
    """`low + (high - low) · u` for u evenly in [0, 1), rounded to a few decimals that are never a round number's."""

    word = "uniform"
    syntax = Syntax(
        "{uniform: [0.5, 3], size: 3}",
        "Numbers drawn evenly between two; one number without a size.",
        Pair(),
        (SIZE, IID, TIES),
    )
    made = Made.ALONE
    varies = True

    low: float
    high: float
    size: Sides = ()
    iid: bool = False
    ties: bool = False

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Uniform, ...] | Message:
        pair = values[cls.word]
        if len(pair) != 2 or pair[0] >= pair[1]:
            return say("uniform takes two numbers, the smaller first: [0.5, 3]")
        low, high = pair
        return ordinary(pair, high - low) or independent(values) or (cls(low, high, *laid_out(values)),)

    def numbers(self, source: Source) -> Array:
        spread = self.high - self.low
        size = source.sized(self.size)
        drawn = shares(math.prod(size), source.stream, self.iid, self.ties)
        return telling(size, (self.low + spread * u for u in drawn), spread)

    def shape(self) -> Sides:
        return self.size

    def distribution(self) -> Distribution | None:
        return self.word, self.low, self.high
