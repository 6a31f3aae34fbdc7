"""An expression of the other inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.core.autodiff.expression import Expression, names
from grader.core.course.declared import Formula, Syntax
from grader.core.course.draws.draw import Array, Draw, Made, Source
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Of(Draw):
    """An expression computed inside the box from the submission's own objects, so that gradients flow through it."""

    word = "of"
    syntax = Syntax(
        "{of: x * w}",
        "An expression of the other inputs, computed in the box so that gradients flow through it. Under args only.",
        Formula(),
    )
    made = Made.IN_THE_BOX
    varies = True

    expression: Expression

    def numbers(self, _source: Source) -> Array:
        raise AssertionError("what is made in the box has no numbers outside it")

    def in_box(self) -> Expression:
        return self.expression

    def missing(self, name: str, draws: Mapping[str, Draw]) -> Iterator[Message]:
        for other in names(self.expression):
            if other not in draws or draws[other].made is Made.IN_THE_BOX:
                yield say(
                    "{name} is computed from {other}, which is neither under given nor under args",
                    name=name,
                    other=other,
                )
