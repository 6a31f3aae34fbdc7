"""Several sequences of unequal length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from grader.core.course.declared import Field, OwnDraw, Pair, Syntax, Whole
from grader.core.course.draws.draw import Array, Draw, Made, Source
from grader.core.words.message import Message, say

_MOST = 1000


@dataclass(frozen=True)
class Ragged(Draw):
    """A list of sequences, whose numbers are drawn as `each` says; two of them at least have different lengths."""

    word = "ragged"
    syntax = Syntax(
        "{ragged: [1, 6], rows: 4, each: {integer: [0, 9]}}",
        "A list of four sequences of one to six numbers, which are drawn as each says: tensors, arrays or lists, as "
        "arrays says. One sequence at least has another length than the others.",
        Pair(),
        (
            Field("rows", Whole(2, _MOST), "How many sequences."),
            Field("each", OwnDraw(), "What their numbers are drawn from, without a size."),
        ),
    )
    made = Made.ALONE
    varies = True

    shortest: int
    longest: int
    rows: int
    each: Draw

    @property
    def ties(self) -> bool:  # type: ignore[override]
        return self.each.ties

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Ragged, ...] | Message:
        pair, each = values[cls.word], values["each"]
        whole = len(pair) == 2 and all(number == int(number) for number in pair)
        if not whole or not 0 <= pair[0] < pair[1] <= _MOST:
            return say("ragged takes the smallest and the largest length, up to {most}: [1, 6]", most=_MOST)
        if each.shape() or not hasattr(each, "size"):
            return say("the numbers of a ragged list are drawn from what has no size: {{integer: [0, 9]}}")
        return (cls(int(pair[0]), int(pair[1]), values["rows"], each),)

    def numbers(self, source: Source) -> Array:
        span = self.longest - self.shortest + 1
        lengths = [self.shortest + int(span * source.stream.random()) for _ in range(self.rows)]
        if len(set(lengths)) == 1:
            lengths[int(self.rows * source.stream.random())] += 1 if lengths[0] < self.longest else -1
        each: Any = self.each
        drawn = replace(each, size=(sum(lengths),)).numbers(source)
        return Array((self.rows,), drawn.numbers, drawn.dtype, tuple(lengths))

    def shape(self) -> tuple[int, ...]:
        return (self.rows,)

    def most(self) -> int:
        return self.rows * self.longest

    def dtype(self) -> str:
        return self.each.dtype()
