"""`{parameters: model}`: which parameters a module has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from grader.core.compare.comparison import Comparison
from grader.core.compare.tolerance import Expected, Mismatch, Observation, shown_shape
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Field, Name, Syntax, Truth
from grader.core.course.exercise import Check
from grader.core.run.observation import Value
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareParameters(Comparison):
    """How many parameters a module has, and of which shapes. Their numbers are not looked at.

    What a program says of its own structure it can make up. So this is worth points beside values and gradients that
    it cannot.
    """

    word = "parameters"
    syntax = Syntax(
        "{parameters: model}",
        "How many parameters an object under let has, and of which shapes; with names: true their names as well.",
        Name(),
        (Field("names", Truth(), "Whether the parameters must have the solution's names.", required=False),),
    )
    tolerant = False
    reasons: ClassVar[Mapping[str, Message]] = {
        "parameter-none": say("{name} has no parameters; expected {expected_count}."),
        "parameter-count": say("Number of parameters of {name}: {count} ({found}); expected {expected_count}."),
        "parameter-missing": say("{name} has no parameter {parameter}; it has {found}."),
        "parameter-shape": say("{name} has the parameters {found}; none of them has the shape {expected_shape}."),
    }
    numbers_tell = False

    name: str
    names: bool = False

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[CompareParameters, ...]:
        return (cls(values[cls.word], values.get("names", False)),)

    @property
    def _expression(self) -> str:
        return f"dict({self.name}.named_parameters())"

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("after", (self._expression,)),)

    def arrays(self, _seen: Observation) -> Mapping[str, Floats]:
        return {}

    def tells(self, seen: Observation) -> bool:
        # Of a module without any there is an empty dict, and of what is no module there is nothing.
        return bool(self._values(seen))

    def _values(self, seen: Observation) -> Sequence[Value]:
        return seen.called.after.get(self._expression, ()) if seen.called else ()

    def _shapes(self, seen: Observation) -> dict[str, tuple[int, ...]]:
        values = self._values(seen)
        return {_name(value): value.data.shape for value in values if value.data is not None and value.place}

    def mismatch(self, _check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        mine, ours = self._shapes(actual), self._shapes(expected.observation)
        told = {"name": self.name, "found": ", ".join(_shown(mine))}
        if not mine and ours:
            return Mismatch("parameter-none", fields={"name": self.name, "expected_count": len(ours)})
        if len(mine) != len(ours):
            return Mismatch("parameter-count", fields={**told, "count": len(mine), "expected_count": len(ours)})
        for name in ours:
            if self.names and name not in mine:
                return Mismatch("parameter-missing", fields={**told, "parameter": name})
        found = [(name, mine[name], shape) for name, shape in ours.items()] if self.names else _side_by_side(mine, ours)
        for _, one, other in found:
            if one != other:
                return Mismatch("parameter-shape", fields={**told, "expected_shape": shown_shape(other)})
        return None

    def compared(self, _check: Check) -> Mapping[str, object]:
        return {"quantity": self.word, "name": self.name}

    @classmethod
    def subject(cls, _called: Message | None, name: str) -> Message:
        return say("the parameters of {name}", name=name)

    def distance(self, actual: Observation, expected: Expected) -> float | None:
        return 0.0 if self.facts(actual) == self.facts(expected.observation) else None

    def asked(self, _check: Check) -> Message:
        return say("the parameters of {name}", name=self.name)

    def question(self, _check: Check) -> Message:
        return say("Which layers does the exercise want, and how many numbers go in and come out of each?")

    @property
    def label(self) -> str:
        return f"{self.word} {self.name}"

    def facts(self, seen: Observation) -> object:
        shapes = self._shapes(seen)
        return tuple(sorted(shapes.items())) if self.names else tuple(sorted(shapes.values()))


def _name(value: Value) -> str:
    return str(value.place[0]).strip("'")


def _shown(shapes: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    return (f"{name} {shown_shape(shape)}" for name, shape in shapes.items())


def _side_by_side(
    mine: Mapping[str, tuple[int, ...]], ours: Mapping[str, tuple[int, ...]]
) -> Sequence[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    """Return shapes of two modules in one order, those that both have left out."""
    left = dict(mine)
    apart = []
    for shape in ours.values():
        same = next((name for name, own in left.items() if own == shape), None)
        if same is None:
            apart.append(shape)
        else:
            del left[same]
    return [(name, own, shape) for (name, own), shape in zip(left.items(), apart, strict=True)]
