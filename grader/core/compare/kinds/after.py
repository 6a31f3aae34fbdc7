"""`{after: x}`: what an expression is when the call has returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from grader.core.compare.parts import path_of
from grader.core.compare.results import MOST_VALUES, OF_RESULTS, Result, ResultComparison
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Code, Syntax
from grader.core.course.exercise import Check
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareAfter(ResultComparison):
    """What an expression is when the call has returned: what was changed in place, and what an object keeps."""

    word = "after"
    syntax = Syntax(
        "{after: model.weight.grad}",
        "What an expression is when the call has returned: an argument that is changed in place, an attribute of an "
        "object, a parameter, a buffer.",
        Code(),
    )
    reasons: ClassVar[Mapping[str, Message]] = OF_RESULTS
    singly = True

    expression: str

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Self, ...]:
        return tuple(cls(expression) for expression in values[cls.word])

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("after", (self.expression,)),)

    def result(self, seen: Observation) -> Result:
        return Result.of(self.expression, seen.called.after.get(self.expression, ()) if seen.called else ())

    def incomparable(self, seen: Observation) -> Message | None:
        odd = self.result(seen).odd
        return odd and say(
            "{name} of the solution is {type}, which cannot be compared: it may be a tensor, an array, a number, a "
            "text, None, or a list, a tuple or a dict of them, {most} at most",
            name=self.expression + path_of(odd[0]),
            type=odd[1].type_name,
            most=MOST_VALUES,
        )

    def mismatch(self, check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        values = actual.called.after.get(self.expression, ()) if actual.called else ()
        return self.result(expected.observation).mismatch(check, values, expected)

    def compared(self, _check: Check) -> Mapping[str, object]:
        return {"quantity": self.word, "name": self.expression}

    @classmethod
    def subject(cls, called: Message | None, name: str) -> Message:
        return say("{name} after {called}", name=name, called=called) if called else say("{name}", name=name)

    def asked(self, check: Check) -> Message:
        calls = " / ".join(map(str, check.calls))
        return say("{name} after {calls}", name=self.expression, calls=calls)

    def question(self, _check: Check) -> Message:
        return say("Make the call yourself with small numbers, and print this afterwards: what do you expect?")

    @property
    def label(self) -> str:
        return f"{self.word} {self.expression}"
