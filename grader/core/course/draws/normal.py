"""Numbers drawn from a normal distribution."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
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
class Normal(Draw):
    """The inverse of the normal distribution at u evenly in (0, 1), rounded to a few decimals."""

    word = "normal"
    syntax = Syntax(
        "{normal: [0, 1], size: [20, 10]}",
        "Numbers drawn from a normal distribution: its mean and its standard deviation.",
        Pair(),
        (SIZE, IID, TIES),
    )
    made = Made.ALONE
    varies = True

    mean: float
    std: float
    size: Sides = ()
    iid: bool = False
    ties: bool = False

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Normal, ...] | Message:
        pair = values[cls.word]
        if len(pair) != 2 or pair[1] <= 0:
            return say("normal takes a mean and a positive standard deviation: [0, 1]")
        mean, std = pair
        return ordinary(pair, std) or independent(values) or (cls(mean, std, *laid_out(values)),)

    def numbers(self, source: Source) -> Array:
        size = source.sized(self.size)
        drawn = shares(math.prod(size), source.stream, self.iid, self.ties)
        return telling(size, map(NormalDist(self.mean, self.std).inv_cdf, drawn), self.std)

    def shape(self) -> Sides:
        return self.size

    def distribution(self) -> Distribution | None:
        return self.word, self.mean, self.std
