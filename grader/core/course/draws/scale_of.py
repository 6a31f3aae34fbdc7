"""Another draw, times one drawn number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from grader.core.course.declared import Field, Name, OwnDraw, Syntax
from grader.core.course.draws.draw import Array, Draw, Made, Source
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class ScaleOf(Draw):
    """Another draw, times one drawn number: data on a hidden straight line through the origin."""

    word = "scale_of"
    syntax = Syntax(
        "{scale_of: x_soat, by: {uniform: [1.5, 4]}}",
        "Another given name or argument, every element of it multiplied by one number.",
        Name(),
        (Field("by", OwnDraw(), "The factor of scale_of: a number, or what it is drawn from."),),
    )
    made = Made.FROM_ANOTHER
    varies = True

    name: str
    by: Draw

    def numbers(self, source: Source) -> Array:
        factor = self.by.numbers(source).numbers[0]
        base = source.arrays[self.name]
        return replace(base, numbers=tuple(factor * number for number in base.numbers), dtype="")

    def missing(self, name: str, draws: Mapping[str, Draw]) -> Iterator[Message]:
        if self.name not in draws or draws[self.name].made is not Made.ALONE:
            yield say("{name} scales {other}, which must be a draw of its own", name=name, other=self.name)
