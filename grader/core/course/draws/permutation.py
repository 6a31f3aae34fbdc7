"""The numbers from 0 on, each once, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.course.declared import Syntax, Whole
from grader.core.course.draws.draw import Array, Draw, Made, Source


@dataclass(frozen=True)
class Permutation(Draw):
    """Every order is equally probable, but for the one that changes nothing, which is not drawn."""

    word = "permutation"
    syntax = Syntax(
        "{permutation: 6}",
        "The whole numbers from 0 to 5, each once, in an order that is drawn, as int64.",
        Whole(2, 10_000),
    )
    made = Made.ALONE
    varies = True
    ties = True

    count: int

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Permutation, ...]:
        return (cls(values[cls.word]),)

    def numbers(self, source: Source) -> Array:
        order = list(range(self.count))
        while order == sorted(order):
            order = [place for _, place in sorted((source.stream.random(), place) for place in range(self.count))]
        return Array((self.count,), tuple(order), self.dtype())

    def shape(self) -> tuple[int, ...]:
        return (self.count,)

    def dtype(self) -> str:
        return "int64"
