"""`{ladder: [1, 5], size: 5}`: numbers at equal distances, from a drawn beginning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.course.declared import Pair, Syntax
from grader.core.course.draws.draw import SIZE, Array, Draw, Made, Source, telling
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Ladder(Draw):
    """`begin, begin + 1, begin + 2, …`, where it begins drawn evenly between two numbers."""

    word = "ladder"
    syntax = Syntax("{ladder: [1, 5], size: 5}", "Numbers at a distance of 1, from a drawn beginning.", Pair(), (SIZE,))
    made = Made.ALONE
    varies = True

    low: float
    high: float
    size: tuple[int, ...] = (3,)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Ladder, ...] | Message:
        pair, size = values[cls.word], values.get("size", (3,))
        if len(pair) != 2 or pair[0] >= pair[1] or len(size) != 1:
            return say("ladder takes two numbers, the smaller first, and one size: {{ladder: [1, 5], size: 5}}")
        return (cls(pair[0], pair[1], size),)

    def numbers(self, source: Source) -> Array:
        spread = self.high - self.low
        (begin,) = telling((), [self.low + spread * source.stream.random()], spread).numbers
        return Array(self.size, tuple(begin + step for step in range(self.size[0])))

    def shape(self) -> tuple[int, ...]:
        return self.size
