"""Numbers drawn from a normal distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from grader.core.course.declared import Pair, Syntax
from grader.core.course.draw import SIZE, Array, Draw, Made, Source, ordinary, telling
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Normal(Draw):
    """The inverse of the normal distribution at u evenly in (0, 1), rounded to a few decimals."""

    word = "normal"
    syntax = Syntax(
        "{normal: [0, 1], size: [20, 10]}",
        "Numbers drawn from a normal distribution: its mean and its standard deviation.",
        Pair(),
        (SIZE,),
    )
    made = Made.ALONE
    varies = True

    mean: float
    std: float
    size: tuple[int, ...] = ()

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Normal, ...] | Message:
        pair = values[cls.word]
        if len(pair) != 2 or pair[1] <= 0:
            return say("normal takes a mean and a positive standard deviation: [0, 1]")
        mean, std = pair
        return ordinary(pair, std) or (cls(mean, std, values.get("size", ())),)

    def numbers(self, source: Source) -> Array:
        normal, stream = NormalDist(self.mean, self.std), source.stream
        return telling(self.size, lambda: normal.inv_cdf(min(max(stream.random(), 1e-12), 1 - 1e-12)), self.std)

    def shape(self) -> tuple[int, ...]:
        return self.size
