"""`value`: what the call returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from grader.core.compare.comparison import Comparison
from grader.core.compare.parts import Place, fields_of_place, paired, path_of, placed
from grader.core.compare.tolerance import OF_OBJECTS, Expected, Mismatch, Observation, object_mismatch
from grader.core.course.declared import Syntax
from grader.core.course.exercise import Check
from grader.core.course.recording import Recording
from grader.core.run.observation import Value
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

_MOST_VALUES = 64
# The name of a result that is one value.
_ALONE = "0"


@dataclass(frozen=True)
class CompareValue(Comparison):
    """What the call returned: one object or several, each with its type, shape and numbers."""

    word = "value"
    syntax = Syntax("value", "What the call returned.")
    reasons: ClassVar[Mapping[str, Message]] = {
        **OF_OBJECTS,
        "count": say("{subject} gives {count} values; expected {expected_count}."),
        "missing-part": say("{subject} is missing."),
        "not-nothing": say("{subject} is of type {type}; expected None."),
        "not-a-text": say("{subject} is of type {type}; expected a text."),
        "other-text": say("{subject} is another text than expected."),
    }

    singly = True

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("values"),)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        return {key: value.data for key, value in _named(seen).items() if value.data is not None}

    def tells(self, seen: Observation) -> bool:
        values = _named(seen).values()
        return any(value.text is not None or (value.data is not None and value.data.size) for value in values)

    def incomparable(self, seen: Observation) -> Message | None:
        for key, value in _named(seen).items():
            if value.kind == "other":
                return say(
                    "the solution returns {type} ({place}), which cannot be compared: return tensors, arrays, numbers, "
                    "texts, None, or lists, tuples and dicts of them, {most} at most",
                    type=value.type_name,
                    place=say("all of it") if key == _ALONE else key,
                    most=_MOST_VALUES,
                )
        return None

    def exact(self, seen: Observation) -> frozenset[str]:
        return frozenset(key for key, value in _named(seen).items() if value.whole)

    def mismatch(self, check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        ours = placed(expected.observation.called.values if expected.observation.called else ())
        theirs = placed(actual.called.values if actual.called else ())
        matched = paired(ours, theirs)
        for place, mine in ours.items():
            value = None if matched is None else matched.get(place)
            if value is None:
                return _structure(ours, theirs)
            found = _part_mismatch(check, value, mine, expected, _key(place))
            if found:
                return replace(found, fields={**found.fields, **fields_of_place(place)})
        return None

    def asked(self, check: Check) -> Message:
        return say("what {calls} returns", calls=" / ".join(map(str, check.calls)))

    def question(self, _check: Check) -> Message:
        return say("Call it yourself with small numbers: what do you expect, and what do you get?")

    def facts(self, seen: Observation) -> object:
        values = seen.called.values if seen.called else ()
        return tuple(
            (value.kind, value.text) if value.data is None and value.kind != "other" else value.data is None
            for value in values
        )


def _key(place: Place) -> str:
    return path_of(place) or _ALONE


def _named(seen: Observation) -> Mapping[str, Value]:
    return {_key(place): value for place, value in placed(seen.called.values if seen.called else ()).items()}


def _structure(ours: Mapping[Place, Value], theirs: Mapping[Place, Value]) -> Mismatch:
    """Say how a result is made up otherwise than ours."""
    if len(ours) == 1 and () in ours and len(theirs) == 1:
        # A tuple around one tensor is not a tensor.
        return Mismatch("type", fields={"type": next(iter(theirs.values())).within})
    if len(ours) != len(theirs):
        return Mismatch("count", fields={"count": len(theirs), "expected_count": len(ours)})
    missing = next((place for place in ours if place not in theirs), ())
    return Mismatch("missing-part", fields=fields_of_place(missing))


def _part_mismatch(check: Check, value: Value, mine: Value, expected: Expected, key: str) -> Mismatch | None:
    if mine.kind == "none":
        return None if value.kind == "none" else Mismatch("not-nothing", fields={"type": value.type_name})
    if mine.text is not None:
        if value.text is None:
            return Mismatch("not-a-text", fields={"type": value.type_name})
        return None if value.text == mine.text else Mismatch("other-text")
    return object_mismatch(check, value, mine, expected.allowed(key))
