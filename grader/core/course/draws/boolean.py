"""Truth values: masks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.course.declared import Fraction, Syntax
from grader.core.course.draws.draw import SIZE, Array, Draw, Made, Sides, Source


@dataclass(frozen=True)
class Boolean(Draw):
    """True with this probability; of several, at least one is true and one is false."""

    word = "boolean"
    syntax = Syntax(
        "{boolean: 0.3, size: [4, 4]}",
        "Truth values, as bool, and how probable true is: masks. Of several, one at least is true and one is false.",
        Fraction(),
        (SIZE,),
    )
    made = Made.ALONE
    varies = True
    ties = True

    probability: float
    size: Sides = ()

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Boolean, ...]:
        return (cls(values[cls.word], values.get("size", ())),)

    def numbers(self, source: Source) -> Array:
        size = source.sized(self.size)
        count = math.prod(size)
        drawn = [source.stream.random() < self.probability for _ in range(count)]
        if count > 1 and len(set(drawn)) == 1:
            place = int(count * source.stream.random())
            drawn[place] = not drawn[place]
        return Array(size, tuple(drawn), self.dtype())

    def shape(self) -> Sides:
        return self.size

    def dtype(self) -> str:
        return "bool"
