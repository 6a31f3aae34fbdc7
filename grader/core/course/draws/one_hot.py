"""Rows with a single 1: class labels, spread out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.core.course.declared import Size, Syntax
from grader.core.course.draws.draw import Array, Draw, Made, Sides, Source
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class OneHot(Draw):
    """One 1 a row, in a column that is drawn for each row by itself; all else 0."""

    word = "one_hot"
    syntax = Syntax(
        "{one_hot: [5, 3]}",
        "Five rows of three numbers, one 1 in each and 0 beside it, in the default floating dtype.",
        Size(),
    )
    made = Made.ALONE
    varies = True
    ties = True

    rows: int | str
    classes: int | str

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[OneHot, ...] | Message:
        size = values[cls.word]
        if len(size) != 2 or size[1] == 1:
            return say("one_hot takes the number of rows and of classes, two classes at least: [5, 3]")
        return (cls(*size),)

    def numbers(self, source: Source) -> Array:
        rows, classes = source.sized((self.rows, self.classes))
        chosen = [int(classes * source.stream.random()) for _ in range(rows)]
        ones = (1.0 if column == one else 0.0 for one in chosen for column in range(classes))
        return Array((rows, classes), tuple(ones))

    def shape(self) -> Sides:
        return (self.rows, self.classes)
