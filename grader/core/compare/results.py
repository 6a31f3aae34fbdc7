"""A result of one value or several: what there is to compare of it, and in what it differs from the solution's."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.core.compare.comparison import Comparison
from grader.core.compare.parts import Place, fields_of_place, paired, path_of, placed
from grader.core.compare.tolerance import OF_OBJECTS, Expected, Mismatch, Observation, object_mismatch
from grader.core.course.exercise import Check
from grader.core.run.observation import Value
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

MOST_VALUES = 64
MISSING_PART = say("{subject} is missing.")
# What is said where a value of a result is not as it should be.
OF_RESULTS: Mapping[str, Message] = {
    **OF_OBJECTS,
    "count": say("{subject} gives {count} values; expected {expected_count}."),
    "missing-part": MISSING_PART,
    "not-nothing": say("{subject} is of type {type}; expected None."),
    "not-a-text": say("{subject} is of type {type}; expected a text."),
    "other-text": say("{subject} is another text than expected."),
}


@dataclass(frozen=True)
class Result:
    """The values of a result by their places, and what it is called: its arrays have names that begin so."""

    called: str
    values: Mapping[Place, Value]

    @classmethod
    def of(cls, called: str, values: Sequence[Value]) -> Result:
        return cls(called, placed(values))

    def name(self, place: Place) -> str:
        """Return the name of a value's array: x['y'][0], and where the result has no name ['y'][0]."""
        return f"{self.called}{path_of(place)}" or "0"

    @property
    def arrays(self) -> Mapping[str, Floats]:
        return {self.name(place): value.data for place, value in self.values.items() if value.data is not None}

    @property
    def exact(self) -> frozenset[str]:
        """The names of the arrays whose numbers are whole."""
        return frozenset(self.name(place) for place, value in self.values.items() if value.whole)

    @property
    def tells(self) -> bool:
        """Whether it is more than nothing: what returns None alone is a return statement forgotten."""
        values = self.values.values()
        return any(value.text is not None or (value.data is not None and value.data.size) for value in values)

    @property
    def odd(self) -> tuple[Place, Value] | None:
        """The first value that cannot be compared, and its place; None where there is none."""
        return next(((place, value) for place, value in self.values.items() if value.kind == "other"), None)

    @property
    def facts(self) -> object:
        return tuple(
            (value.kind, value.text) if value.data is None and value.kind != "other" else value.data is None
            for value in self.values.values()
        )

    def mismatch(self, check: Check, actual: Sequence[Value], expected: Expected) -> Mismatch | None:
        """Return in what another result differs from this one: reasons among OF_RESULTS."""
        theirs = placed(actual)
        matched = paired(self.values, theirs, several=bool(check.returns) and not self.called)
        for place, mine in self.values.items():
            value = None if matched is None else matched.get(place)
            if value is None:
                return self._structure(theirs)
            found = _part_mismatch(check, value, mine, expected, self.name(place))
            if found:
                return replace(found, fields={**found.fields, **self._told(place)})
        return None

    def _told(self, place: Place) -> Mapping[str, object]:
        """Return a place as a finding has it: of what has a name, the name with the way to it."""
        return {"name": self.name(place)} if self.called else fields_of_place(place)

    def _structure(self, theirs: Mapping[Place, Value]) -> Mismatch:
        """Say how a result is made up otherwise than this one."""
        within = next((value.within for value in theirs.values()), "")
        if () in self.values and within and (self.called or within == "dict" or len(theirs) == 1):
            # A tuple around one tensor is not a tensor. Of a call that returns several, their number says more.
            return Mismatch("type", fields={"type": within})
        if len(self.values) != len(theirs):
            return Mismatch("count", fields={"count": len(theirs), "expected_count": len(self.values)})
        missing = next((place for place in self.values if place not in theirs), ())
        return Mismatch("missing-part", fields=self._told(missing))


class ResultComparison(Comparison):
    """Compares a result of one value or several, each with its type, shape and numbers."""

    @abstractmethod
    def result(self, seen: Observation) -> Result:
        """Return the result, its values by their places; no values where there is none."""

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        return self.result(seen).arrays

    def tells(self, seen: Observation) -> bool:
        return self.result(seen).tells

    def exact(self, seen: Observation) -> frozenset[str]:
        return self.result(seen).exact

    def facts(self, seen: Observation) -> object:
        return self.result(seen).facts


def _part_mismatch(check: Check, value: Value, mine: Value, expected: Expected, key: str) -> Mismatch | None:
    if mine.kind == "none":
        return None if value.kind == "none" else Mismatch("not-nothing", fields={"type": value.type_name})
    if mine.text is not None:
        if value.text is None:
            return Mismatch("not-a-text", fields={"type": value.type_name})
        return None if value.text == mine.text else Mismatch("other-text")
    return object_mismatch(check, value, mine, expected.allowed(key))
