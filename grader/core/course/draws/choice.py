"""One of the author's numbers, or several of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.core.course.declared import Numbers, Syntax
from grader.core.course.draws.draw import SIZE, Array, Draw, Made, Sides, Source
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Choice(Draw):
    """Each number by itself, all equally probable."""

    word = "choice"
    syntax = Syntax(
        "{choice: [1, 2, 4]}",
        "One of these numbers, or with a size so many of them; int64 where all are whole.",
        Numbers(),
        (SIZE,),
    )
    made = Made.ALONE
    varies = True
    ties = True

    among: Array
    size: Sides = ()

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Choice, ...] | Message:
        among = values[cls.word]
        if len(among.shape) != 1 or len(set(among.numbers)) < 2:
            return say("write a list of different numbers, two at least: [1, 2, 4]")
        return (cls(among, values.get("size", ())),)

    def numbers(self, source: Source) -> Array:
        among = self.among.numbers
        size = source.sized(self.size)
        drawn = tuple(among[int(len(among) * source.stream.random())] for _ in range(math.prod(size)))
        return Array(size, drawn, self.dtype())

    def shape(self) -> Sides:
        return self.size

    def counts(self) -> Sequence[int]:
        numbers = tuple(each for each in self.among.numbers if isinstance(each, int))
        return () if self.size or len(numbers) < len(self.among.numbers) else numbers

    def dtype(self) -> str:
        return "int64" if all(isinstance(each, int) for each in self.among.numbers) else ""
