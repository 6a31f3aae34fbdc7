"""Masks of what is real in sequences that are padded to one length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.course.declared import Size, Syntax
from grader.core.course.draws.draw import Array, Draw, Made, Sides, Source
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Padding(Draw):
    """Each row is true up to a length that is drawn for it, one at least; of several one is full and one is not."""

    word = "padding"
    syntax = Syntax(
        "{padding: [5, 8]}",
        "Five rows of eight truth values, true up to a length that is drawn for each and false behind it: masks of "
        "sequences of unequal length.",
        Size(),
    )
    made = Made.ALONE
    varies = True
    ties = True

    rows: int | str
    columns: int | str

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Padding, ...] | Message:
        size = values[cls.word]
        if len(size) != 2 or size[1] == 1:
            return say("padding takes the number of rows and the length to which they are padded: [5, 8]")
        return (cls(*size),)

    def numbers(self, source: Source) -> Array:
        rows, columns = source.sized((self.rows, self.columns))
        lengths = [1 + int(columns * source.stream.random()) for _ in range(rows)]
        if rows > 1 and len({length == columns for length in lengths}) == 1:
            place = int(rows * source.stream.random())
            lengths[place] = columns if lengths[place] < columns else max(columns - 1, 1)
        real = (column < length for length in lengths for column in range(columns))
        return Array((rows, columns), tuple(real), self.dtype())

    def shape(self) -> Sides:
        return (self.rows, self.columns)

    def dtype(self) -> str:
        return "bool"
