"""`{final: w}`: the value of a top-level name after the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from grader.core.compare.parts import path_of
from grader.core.compare.results import MOST_VALUES, OF_RESULTS, Result, ResultComparison
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Names, Syntax
from grader.core.course.exercise import Check
from grader.core.run.observation import Value
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareFinal(ResultComparison):
    """The value of a top-level name after the run: one object, or what a list, a tuple or a dict holds."""

    word = "final"
    syntax = Syntax(
        "{final: w}",
        "The value of a top-level name after the run. Of a list, a tuple or a dict each value is compared.",
        Names(),
    )
    reasons: ClassVar[Mapping[str, Message]] = {
        **OF_RESULTS,
        "unbound": say("{name} is not set at the top level of the program."),
    }

    name: str

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Self, ...]:
        return tuple(cls(name) for name in values[cls.word])

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("final", (self.name,)),)

    def bound(self, seen: Observation) -> Value | None:
        """Return what the name is bound to in the end; None where it is not."""
        return seen.run.ran.finals.get(self.name) if seen.run.ran else None

    def result(self, seen: Observation) -> Result:
        value = self.bound(seen)
        return Result.of(self.name, () if value is None else value.parts or (value,))

    def incomparable(self, seen: Observation) -> Message | None:
        odd = self.result(seen).odd
        return odd and say(
            "{name} of the solution is {type}, which cannot be compared: it may be a tensor, an array, a number, a "
            "text, None, or a list, a tuple or a dict of them, {most} at most",
            name=self.name + path_of(odd[0]),
            type=odd[1].type_name,
            most=MOST_VALUES,
        )

    def mismatch(self, check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        value = self.bound(actual)
        if value is None:
            return Mismatch("unbound", fields={"name": self.name})
        return self.result(expected.observation).mismatch(check, value.parts or (value,), expected)

    def compared(self, check: Check) -> Mapping[str, object]:
        return {"quantity": "final" if check.script else "variable", "name": self.name}

    @classmethod
    def subject(cls, _called: Message | None, name: str) -> Message:
        return say("{name} after the run", name=name)

    def asked(self, _check: Check) -> Message:
        return say("{name} after the run", name=self.name)

    def question(self, _check: Check) -> Message:
        return say("What is in this name at the end of your program? Print it there.")

    @property
    def label(self) -> str:
        return f"{self.word} {self.name}"
