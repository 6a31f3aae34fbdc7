"""`value`: what the call returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from grader.core.compare.parts import path_of
from grader.core.compare.results import MOST_VALUES, OF_RESULTS, Result, ResultComparison
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Syntax
from grader.core.course.exercise import Check
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareValue(ResultComparison):
    """What the call returned: one object or several, each with its type, shape and numbers."""

    word = "value"
    syntax = Syntax("value", "What the call returned.")
    reasons: ClassVar[Mapping[str, Message]] = OF_RESULTS
    singly = True

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("values"),)

    def result(self, seen: Observation) -> Result:
        return Result.of("", seen.called.values if seen.called else ())

    def incomparable(self, seen: Observation) -> Message | None:
        odd = self.result(seen).odd
        return odd and say(
            "the solution returns {type} ({place}), which cannot be compared: return tensors, arrays, numbers, "
            "texts, None, or lists, tuples and dicts of them, {most} at most",
            type=odd[1].type_name,
            place=path_of(odd[0]) or say("all of it"),
            most=MOST_VALUES,
        )

    def mismatch(self, check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        values = actual.called.values if actual.called else ()
        return self.result(expected.observation).mismatch(check, values, expected)

    def asked(self, check: Check) -> Message:
        return say("what {calls} returns", calls=" / ".join(map(str, check.calls)))

    def question(self, _check: Check) -> Message:
        return say("Call it yourself with small numbers: what do you expect, and what do you get?")
