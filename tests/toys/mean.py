"""`mean`: the mean of what the call returned, whatever the order and the number of its elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from grader.core.compare.comparison import Comparison
from grader.core.compare.tolerance import Expected, Mismatch, Observation, excess
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Syntax
from grader.core.course.exercise import Check
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say


@dataclass(frozen=True)
class CompareMean(Comparison):
    """The mean of what the call returned."""

    word = "mean"
    syntax = Syntax("mean", "The mean of what the call returned.")
    reasons: ClassVar[Mapping[str, Message]] = {
        "mean": say("The mean of {subject} is {actual}; accepted: {interval}."),
        "no-mean": say("{subject} gives no numbers, so there is no mean of them."),
    }

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("values"),)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        values = seen.called.values if seen.called else ()
        numbers = [value.data for value in values if value.data is not None and value.data.size]
        return {"mean": np.array(np.mean(numbers[0]))} if numbers else {}

    def mismatch(self, _check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        mine = self.arrays(actual).get("mean")
        if mine is None:
            return Mismatch("no-mean")
        ours, allowed = expected.arrays["mean"], expected.allowed("mean")
        if excess(mine, ours, allowed) <= 1:
            return None
        return Mismatch("mean", actual=float(mine), expected=float(ours), allowed=float(allowed))

    def asked(self, check: Check) -> Message:
        return say("the mean of what {calls} returns", calls=" / ".join(map(str, check.calls)))

    def question(self, _check: Check) -> Message:
        return say("Which numbers are added up for the mean, and by how many is their sum divided?")

    def facts(self, _seen: Observation) -> object:
        return None
