"""One of the author's numbers, or several of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.course.declared import Numbers, Syntax
from grader.core.course.draw import SIZE, Array, Draw, Made, Source
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
    size: tuple[int, ...] = ()

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Choice, ...] | Message:
        among = values[cls.word]
        if len(among.shape) != 1 or len(set(among.numbers)) < 2:
            return say("write a list of different numbers, two at least: [1, 2, 4]")
        return (cls(among, values.get("size", ())),)

    def numbers(self, source: Source) -> Array:
        among = self.among.numbers
        drawn = tuple(among[int(len(among) * source.stream.random())] for _ in range(math.prod(self.size)))
        return Array(self.size, drawn, self.dtype())

    def shape(self) -> tuple[int, ...]:
        return self.size

    def dtype(self) -> str:
        return "int64" if all(isinstance(each, int) for each in self.among.numbers) else ""
