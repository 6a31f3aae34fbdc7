"""`value`: what the call returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from grader.core.compare.comparison import Comparison
from grader.core.compare.tolerance import OF_OBJECTS, Expected, Mismatch, Observation, object_mismatch
from grader.core.course.declared import Syntax
from grader.core.course.exercise import Check
from grader.core.course.recording import Recording
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareValue(Comparison):
    """What the call returned: one object or several, each with its type, shape and numbers."""

    word = "value"
    syntax = Syntax("value", "What the call returned.")
    reasons: ClassVar[Mapping[str, Message]] = {
        **OF_OBJECTS,
        "count": say("{subject} gives {count} values; expected {expected_count}."),
    }

    singly = True

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("values"),)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        values = seen.called.values if seen.called else ()
        return {str(i): value.data for i, value in enumerate(values) if value.data is not None}

    def exact(self, seen: Observation) -> frozenset[str]:
        values = seen.called.values if seen.called else ()
        return frozenset(str(i) for i, value in enumerate(values) if value.whole)

    def mismatch(self, check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        ours = expected.observation.called.values if expected.observation.called else ()
        theirs = actual.called.values if actual.called else ()
        if len(ours) != len(theirs):
            return Mismatch("count", fields={"count": len(theirs), "expected_count": len(ours)})
        for place, (mine, value) in enumerate(zip(ours, theirs, strict=True)):
            if mine.data is None:
                continue
            found = object_mismatch(check, value, mine, expected.allowed(str(place)))
            if found:
                return found
        return None

    def asked(self, check: Check) -> Message:
        return say("what {calls} returns", calls=" / ".join(map(str, check.calls)))

    def question(self, _check: Check) -> Message:
        return say("Call it yourself with small numbers: what do you expect, and what do you get?")

    def facts(self, seen: Observation) -> object:
        values = seen.called.values if seen.called else ()
        return tuple(value.kind if value.kind == "none" else value.data is None for value in values)
