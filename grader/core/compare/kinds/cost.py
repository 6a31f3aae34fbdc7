"""`{operations: 1.5}`, `{calls: 3}`, `{memory: 2}`: what a call costs, counted beside the solution's."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from grader.core.compare.comparison import Comparison
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Factor, Syntax
from grader.core.course.exercise import Check
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

# Bytes.
_LEAST_HELD = 2**20


@dataclass(frozen=True)
class CompareCost(Comparison):
    """A number that is counted where the program runs, which may be at most `times` the solution's.

    It is counted in the program's own process, so it is a rule and no proof: who digs in torch can escape it.
    """

    # Programs that are right cost what they cost: that is no noise, and no kink.
    by_chance = True
    numbers_tell = False
    tolerant = False
    # Numbers of float64 take twice the memory.
    as_run = True

    times: float

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("cost", (self.word,)),)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        counted = seen.called.cost.get(self.word) if seen.called else None
        return {} if counted is None else {self.word: np.array(float(counted))}

    def tells(self, seen: Observation) -> bool:
        return any(counted > 0 for counted in self.arrays(seen).values())

    def incomparable(self, seen: Observation) -> Message | None:
        if self.tells(seen):
            return None
        return say(
            "the solution asks nothing of torch, and only torch's operations are counted. What NumPy and Python hold "
            "is counted too ({{memory: 2}}), and loops can be forbidden (without: loops)"
        )

    def mismatch(self, _check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        found, ours = self.arrays(actual).get(self.word), expected.arrays.get(self.word)
        if found is None or ours is None or found <= self.times * ours:
            return None
        most = math.floor(self.times * ours)
        return Mismatch(self._too_much, fields=self._told(int(found), int(ours), most))

    @property
    def _too_much(self) -> str:
        return f"too-many-{self.word}"

    def _told(self, count: int, expected: int, most: int) -> Mapping[str, object]:
        """Return the three counts as a finding holds them."""
        return {"count": count, "expected_count": expected, "most": most}

    def distance(self, actual: Observation, expected: Expected) -> float | None:
        return 0.0 if self.mismatch(Check("", 0, ()), actual, expected) is None else None

    def resembles(
        self, check: Check, actual: Observation, _exact: Observation, single: Observation, expected: Expected
    ) -> bool:
        return (self.mismatch(check, actual, expected) is None) == (self.mismatch(check, single, expected) is None)

    @abstractmethod
    def asked(self, check: Check) -> Message:
        """Return what a student is told that this looks at."""

    def facts(self, seen: Observation) -> object:
        return bool(self.arrays(seen))


@dataclass(frozen=True)
class CompareOperations(CompareCost):
    """Multiplications and additions of torch's products, convolutions and attention; of all else one for each number.

    The first as torch.utils.flop_counter counts them.
    """

    word = "operations"
    syntax = Syntax(
        "{operations: 1.5}",
        "How many numbers torch computes in the call: at most so many times as for the solution. Products, "
        "convolutions and attention count with all their multiplications and additions.",
        Factor(1, 1000),
    )
    reasons: ClassVar[Mapping[str, Message]] = {
        "too-many-operations": say(
            "{subject} takes {count} operations of torch; the solution takes {expected_count}, and up to {most} are "
            "allowed."
        ),
    }

    def asked(self, check: Check) -> Message:
        return say("how many operations {calls} takes", calls=" / ".join(map(str, check.calls)))

    def question(self, _check: Check) -> Message:
        return say("Is something computed that is not needed, or computed again? Which shapes do the products have?")


@dataclass(frozen=True)
class CompareCalls(CompareCost):
    """How often torch is asked: loops over elements ask it once for each."""

    word = "calls"
    syntax = Syntax(
        "{calls: 3}",
        "How often the call asks torch for an operation: at most so many times as often as the solution. A loop over "
        "elements asks once for each.",
        Factor(1, 1000),
    )
    reasons: ClassVar[Mapping[str, Message]] = {
        "too-many-calls": say(
            "{subject} asks torch for {count} operations; the solution asks for {expected_count}, and up to {most} are "
            "allowed. Is there a loop over elements?"
        ),
    }

    def asked(self, check: Check) -> Message:
        return say("how often {calls} asks torch for an operation", calls=" / ".join(map(str, check.calls)))

    def question(self, _check: Check) -> Message:
        return say("Which loop could be one operation on a whole tensor?")


@dataclass(frozen=True)
class CompareMemory(CompareCost):
    """How much memory is held at once: an array of all pairs is much larger than what is made of it."""

    word = "memory"
    syntax = Syntax(
        "{memory: 2}",
        "How much memory the call holds at once, in tensors, arrays and whatever else it makes: at most so many times "
        "as much as the solution.",
        # Python's own objects are a few per cent of the least that is compared.
        Factor(1.25, 1000),
    )
    reasons: ClassVar[Mapping[str, Message]] = {
        "too-much-memory": say(
            "{subject} holds {count} KiB of memory at once; the solution holds {expected_count} KiB, and up to {most} "
            "KiB are allowed. Is there an array of all pairs, or a list of all steps, that need not be there at once?"
        ),
    }

    def incomparable(self, seen: Observation) -> Message | None:
        held = max((int(each) for each in self.arrays(seen).values()), default=0)
        if held >= _LEAST_HELD:
            return None
        return say(
            "the solution holds {held} KiB of memory at once, too little beside what Python itself takes; choose "
            "inputs for which it holds {least} KiB or more",
            held=held // 1024,
            least=_LEAST_HELD // 1024,
        )

    @property
    def _too_much(self) -> str:
        return "too-much-memory"

    def _told(self, count: int, expected: int, most: int) -> Mapping[str, object]:
        # Rounded so that what is too much never looks like what is allowed.
        return {"count": -(-count // 1024), "expected_count": expected // 1024, "most": most // 1024}

    def asked(self, check: Check) -> Message:
        return say("how much memory {calls} holds at once", calls=" / ".join(map(str, check.calls)))

    def question(self, _check: Check) -> Message:
        return say(
            "Which array is the largest on the way? Can what follows from it be computed without it, or in parts?"
        )
