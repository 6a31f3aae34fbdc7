"""Whole numbers drawn evenly between two, both included."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.core.course.declared import Pair, Syntax
from grader.core.course.draws.draw import SIZE, Array, Draw, Made, Sides, Source
from grader.core.words.message import Message, say

# A float64, as which every number comes back, holds no larger ones exactly.
_LARGEST = 2**53


@dataclass(frozen=True)
class Integer(Draw):
    """Each number by itself: class labels and token ids come twice, and that must be right as well."""

    word = "integer"
    syntax = Syntax(
        "{integer: [0, 9], size: 5}",
        "Whole numbers between two, both included, as int64: class labels, token ids, counts.",
        Pair(),
        (SIZE,),
    )
    made = Made.ALONE
    varies = True
    ties = True

    low: int
    high: int
    size: Sides = ()

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Integer, ...] | Message:
        pair = values[cls.word]
        if len(pair) != 2 or pair[0] >= pair[1] or any(each != int(each) or abs(each) > _LARGEST for each in pair):
            return say("integer takes two whole numbers, the smaller first: [0, 9]")
        return (cls(int(pair[0]), int(pair[1]), values.get("size", ())),)

    def numbers(self, source: Source) -> Array:
        span = self.high - self.low + 1
        size = source.sized(self.size)
        drawn = (self.low + int(span * source.stream.random()) for _ in range(math.prod(size)))
        return Array(size, tuple(drawn), self.dtype())

    def shape(self) -> Sides:
        return self.size

    def counts(self) -> Sequence[int]:
        return () if self.size else range(self.low, self.high + 1)

    def dtype(self) -> str:
        return "int64"
