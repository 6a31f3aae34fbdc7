"""`{trace: {stores: w}}`: the values that a name is bound to, for plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from grader.core.compare.comparison import Comparison, RecordedSeries
from grader.core.compare.tolerance import Expected, Mismatch, Observation, excess
from grader.core.compare.trainings import training_of
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Name, Syntax
from grader.core.course.exercise import Check
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareStores(Comparison):
    """The values that the name was bound to, in order; equal neighbours count once."""

    word = "stores"
    syntax = Syntax(
        "{trace: {stores: w}}", "Every value that `w` is bound to, for plain Python.", Name(), within="trace"
    )
    reasons: ClassVar[Mapping[str, Message]] = {
        "no-stores": say("{name} never gets a value during the run. Keep the parameter in a variable named {name}."),
        "store": say("Value {step} of {name} during the run is {actual}; expected {interval}."),
        "stores": say(
            "{name} takes {count} different values during the run; expected {expected_count}. The ones that "
            "could be compared are right: count the epochs and the updates in each."
        ),
    }

    steps = True

    name: str

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("stores", (self.name,)),)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        stores = seen.run.ran.stores if seen.run.ran else None
        return {} if stores is None else {self.name: stores}

    def mismatch(self, _check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        stores = self._training(actual, expected)
        if stores is None or not stores.size:
            return Mismatch("no-stores", fields={"name": self.name})
        ours, tolerance = expected.arrays[self.name], expected.allowed(self.name)
        count = min(stores.size, ours.size, expected.upto or ours.size)
        wrong = np.flatnonzero(excess(stores[:count], ours[:count], tolerance[:count]) > 1)
        if wrong.size:
            step = int(wrong[0])
            mine, wanted, allowed_there = (float(series[step]) for series in (stores, ours, tolerance))
            return Mismatch("store", (step,), mine, wanted, allowed_there, {"name": self.name})
        if stores.size != ours.size:
            fields = {"name": self.name, "count": int(stores.size), "expected_count": int(ours.size)}
            return Mismatch("stores", (min(stores.size, ours.size),), fields=fields)
        return None

    def _training(self, actual: Observation, expected: Expected) -> Floats | None:
        """Return the values during the training that is right, if there is one; otherwise all of them."""
        stores = self.arrays(actual).get(self.name)
        if stores is None or not stores.size:
            return stores
        final = actual.run.ran.finals.get(self.name) if actual.run.ran else None
        end = float(final.data.reshape(-1)[0]) if final and final.data is not None and final.data.size == 1 else None
        found = training_of(stores, expected.arrays[self.name], expected.allowed(self.name), end)
        return stores if found is None else found

    def compared(self, _check: Check) -> Mapping[str, object]:
        return {"quantity": self.word, "name": self.name}

    @classmethod
    def subject(cls, _called: Message | None, name: str) -> Message:
        return say("{name} during the run", name=name)

    def asked(self, _check: Check) -> Message:
        return say("the values that {name} takes during the run", name=self.name)

    def question(self, _check: Check) -> Message:
        return say("Compute the first two steps by hand: which of your numbers is the first to differ?")

    @property
    def label(self) -> str:
        return f"stores {self.name}"

    def evidence(self, actual: Observation, expected: Expected) -> tuple[RecordedSeries, ...]:
        stores = self._training(actual, expected)
        return () if stores is None or not stores.size else (RecordedSeries(self.name, stores, self.name),)

    def facts(self, _seen: Observation) -> object:
        return None
