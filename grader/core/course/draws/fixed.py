"""Plain numbers: the author's own, in every probe."""

from __future__ import annotations

from dataclasses import dataclass

from grader.core.course.declared import Numbers, Syntax
from grader.core.course.draws.draw import Array, Draw, Made, Source


@dataclass(frozen=True)
class Fixed(Draw):
    """The author's own numbers."""

    word = "fixed"
    syntax = Syntax("[1.5, 2]", "Your own numbers, in every probe.", Numbers(), worded=False)
    made = Made.ALONE
    varies = False

    array: Array

    def numbers(self, _source: Source) -> Array:
        return self.array

    def shape(self) -> tuple[int, ...]:
        return self.array.shape
