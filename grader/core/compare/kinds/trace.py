"""`{trace: [loss, gradient, parameter]}`: the backward calls of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar

from grader.core.compare.comparison import (
    QUANTITIES,
    Comparison,
    RecordedSeries,
    worst_distance,
)
from grader.core.compare.steps import paired_leaves, steps_mismatch
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.compare.trainings import trainings
from grader.core.course.checks.recording import Recording, asks
from grader.core.course.declared import Syntax, Words
from grader.core.course.exercise import Check
from grader.core.run.trace import Floats, Trace
from grader.core.words.message import Message, say

# As many as are kept of each call.
_MOST_LEAVES = 16
# Of what departs at one step, the gradient says most, then the loss.
_RANKS = {"gradient": 0, "loss": 1, "parameter": 2}


@dataclass(frozen=True)
class CompareTrace(Comparison):
    """The backward calls of a run, in order; `parts` among loss, gradient, parameter."""

    word = "trace"
    syntax = Syntax(
        "{trace: [loss, gradient, parameter]}",
        "Every call into torch's autograd engine during the run.",
        Words(tuple(QUANTITIES)),
    )
    reasons: ClassVar[Mapping[str, Message]] = {
        "no-backward": say("There was no backward pass during the run. Call .backward() on the loss of each sample."),
        "no-parameter": say(
            "Not all backward calls of the run reach the same parameter. Train the same w from the first step to "
            "the last."
        ),
        "shape": say("{subject} has shape {shape}; expected {expected_shape}."),
        "step-loss": say("At backward call {step} of {steps} the loss is {actual}; expected {interval}."),
        "step-gradient": say("At backward call {step} of {steps} the gradient is {actual}; expected {interval}."),
        "step-parameter": say(
            "Before backward call {step} of {steps} the parameter is {actual}; expected {interval}. So the "
            "update after call {previous} is wrong."
        ),
        "start-parameter": say("The parameter starts at {actual}; expected {interval}."),
        "steps-right-so-far": say(
            "Backward calls of the run: {count}; expected {expected_count}. "
            "Those that could be compared are right: count the epochs and the updates in each."
        ),
    }

    steps = True

    parts: tuple[str, ...]

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("trace", self.parts),)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        trace = seen.run.ran.trace if seen.run.ran else None
        return dict(trace.series) if trace and trace.steps else {}

    def counts(self, key: str) -> bool:
        return key.split()[0] in self.parts

    def beside(self, key: str, seen: Observation) -> Mapping[str, Floats]:
        kind = key.split()[0]
        return {other: series for other, series in self.arrays(seen).items() if other.split()[0] == kind}

    def incomparable(self, seen: Observation) -> Message | None:
        trace = seen.run.ran.trace if seen.run.ran else None
        if trace is None:
            return None
        if trace.count > len(trace.steps):
            return say(
                "the solution makes {count} backward calls, of which {kept} are kept; take fewer epochs or samples, or "
                "compare what it ends with: {{final: w}}",
                count=trace.count,
                kept=len(trace.steps),
            )
        most = max((len(step.leaves) for step in trace.steps), default=0)
        if most < _MOST_LEAVES:
            return None
        return say(
            "a backward call of the solution reaches {most} parameters or more, and no more are kept; take a smaller "
            "model, or compare what it ends with: {{final: w}}",
            most=most,
        )

    def mismatch(self, check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        trace = actual.run.ran.trace if actual.run.ran else None
        if trace is None or not trace.steps:
            return Mismatch("no-backward")
        return steps_mismatch(self.parts, self._training(trace, expected, asks(check.compare, "final")), expected)

    def _training(self, trace: Trace, expected: Expected, ends_told: bool) -> Trace:
        """Return the training that is right, if there is one; otherwise the whole record."""
        ours = expected.observation.run.ran
        if ours is None or ours.trace is None or steps_mismatch(self.parts, trace, expected) is None:
            return trace
        for steps in trainings(trace, ours.trace, ends_told):
            some = Trace(steps, len(steps), trace.last)
            if steps and len(steps) < trace.count and steps_mismatch(self.parts, some, expected) is None:
                return some
        return trace

    def distance(self, actual: Observation, expected: Expected) -> float | None:
        return worst_distance(self.arrays(actual), expected, [key for key in expected.arrays if self.counts(key)])

    def compared(self, _check: Check) -> Mapping[str, object]:
        # Which of its parts differs, each mismatch says itself.
        return {}

    def asked(self, _check: Check) -> Message:
        listed = reduce(
            lambda before, part: say("{before}, {part}", before=before, part=part),
            [QUANTITIES[part] for part in self.parts],
        )
        return say("at each backward(): {listed}", listed=listed)

    def question(self, _check: Check) -> Message:
        return say("Compute the first two steps by hand: which of your numbers is the first to differ?")

    def evidence(self, actual: Observation, expected: Expected) -> tuple[RecordedSeries, ...]:
        trace = actual.run.ran.trace if actual.run.ran else None
        if trace is None or not trace.steps:
            return ()
        trace = self._training(trace, expected, ends_told=True)
        keys = {"loss": ("loss", "loss")}
        leaves = paired_leaves(self.parts, trace, expected)
        if leaves is not None:
            keys |= {part: (f"{part} {leaves[0]}", f"{part} {leaves[1]}") for part in ("gradient", "parameter")}
        return tuple(
            RecordedSeries(part, trace.series.get(keys[part][0]), keys[part][1], _RANKS[part])
            for part in self.parts
            if part in keys
        )

    def facts(self, seen: Observation) -> object:
        trace = seen.run.ran.trace if seen.run.ran else None
        return trace.count if trace else 0
