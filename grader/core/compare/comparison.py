"""What every comparison says of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, cast

from grader.core.compare.tolerance import Expected, Mismatch, Observation, excess
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Term
from grader.core.course.exercise import Check
from grader.core.report.finding import Finding
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

QUANTITIES: Mapping[str, Message] = {"loss": say("loss"), "gradient": say("gradient"), "parameter": say("parameter")}
AT_A_STEP: Mapping[str, Message] = {
    "loss": say("the loss at a backward call"),
    "gradient": say("the gradient at a backward call"),
    "parameter": say("the parameter at a backward call"),
}


@dataclass(frozen=True)
class RecordedSeries:
    """Evidence that is drawn as a curve: one quantity over the steps of a run, a row a step.

    Attributes:
        actual: None where the submission has none.
        key: of the reference's series, among its arrays.
        rank: which quantity says most where several depart at one step; the lowest does.
    """

    quantity: str
    actual: Floats | None
    key: str
    rank: int = 0


@dataclass(frozen=True)
class Pattern:
    """A name of a mistake that is known without the author, with its hint."""

    name: str
    hint: Finding


@dataclass(frozen=True)
class Comparison(Term, ABC):
    """One thing that a check holds to the solution's. A kind of comparison is one file that answers all of this.

    Its dataclass fields are what an exercise file says of it. Everything is asked once a tensor or series, never once
    an element. What is answered here already is right for every kind that does not say otherwise.

    Attributes:
        reasons: the sentence for each reason of its mismatches: the kinds of finding that it adds.
        may_be_missing: whether the solution may give nothing to compare here; otherwise that is its fault.
        numbers_tell: whether programs that behave the same have the same numbers here, one for one; where that cannot
            be said, `resembles` decides alone.
        steps: whether its arrays are series over the steps of a run, which may be compared up to some step only.
        by_chance: whether chance decides what is seen, and `chance` what is allowed; rounding then does not.
        singly: whether each element has a scale of its own, where several right programs show what it is.
        as_run: whether it is held to the solution's second run, which is as a student's: in float32 where there is one.
        tolerant: whether an author may say how far its numbers may be off.
        within: how far that is, as a share of the largest number expected; 0 where rounding alone says it.
    """

    reasons: ClassVar[Mapping[str, Message]]
    may_be_missing: ClassVar[bool] = False
    numbers_tell: ClassVar[bool] = True
    steps: ClassVar[bool] = False
    singly: ClassVar[bool] = False
    by_chance: ClassVar[bool] = False
    tolerant: ClassVar[bool] = True
    as_run: ClassVar[bool] = False

    within: float = field(default=0.0, kw_only=True)

    def of_results(self, _returns: tuple[str, ...]) -> Comparison | Message:
        """Return it for a call whose results are called so; or say what is wrong with that."""
        return self

    @abstractmethod
    def recordings(self) -> tuple[Recording, ...]:
        """Return what the box is to keep for it. What a check must run or call follows from that."""

    @abstractmethod
    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        """Return the numbers that it looks at, by name; empty where the observation has none."""

    def counts(self, _key: str) -> bool:
        """Whether the array of this name is held to the reference's; others are only shown."""
        return True

    def beside(self, _key: str, seen: Observation) -> Mapping[str, Floats]:
        """Return the arrays of the same kind as one of its own: what is next to nothing beside them is zero."""
        return self.arrays(seen)

    def tells(self, seen: Observation) -> bool:
        """Whether there is anything to compare."""
        return any(array.size for array in self.arrays(seen).values())

    def chance(self, _seen: Observation) -> Mapping[str, Floats]:
        """Return how far right programs may be off by chance, for each array; nothing where chance plays no part."""
        return {}

    def in_doubt(self, _actual: Observation, _expected: Expected) -> Comparison | None:
        """Return the comparison to decide by, with more draws, where chance may have decided; None where it did not."""
        return None

    def incomparable(self, _seen: Observation) -> Message | None:
        """Say what the solution gives that cannot be compared; None where there is nothing of the kind."""
        return None

    def exact(self, _seen: Observation) -> frozenset[str]:
        """Return the names of the arrays whose numbers are whole: nothing is off by a little there."""
        return frozenset()

    @abstractmethod
    def mismatch(self, check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        """Return in what `actual` differs from the reference, or None where it agrees."""

    def compared(self, _check: Check) -> Mapping[str, object]:
        """Return what a finding says of what was compared: the quantity, and the name that it is of where it has one.

        The quantity is the kind's word, or a name that needs no words of the kind.
        """
        return {"quantity": self.word}

    @classmethod
    def subject(cls, called: Message | None, name: str) -> Message:
        """Return what a sentence calls what was compared.

        Args:
            called: the call with its inputs, as `forward(x) at x = 4`; None where nothing was called.
            name: that it is of; "" where it has none.
        """
        return called or (say("{name}", name=name) if name else say("the run"))

    def distance(self, actual: Observation, expected: Expected) -> float | None:
        """Return the worst number's distance in units of what is allowed; None where more than numbers differ."""
        return worst_distance(self.arrays(actual), expected, expected.arrays)

    # How it is spoken of.

    @abstractmethod
    def asked(self, check: Check) -> Message:
        """Return what a student is told that this looks at."""

    @abstractmethod
    def question(self, check: Check) -> Message:
        """Return what a student is asked whose mistake here has no name."""

    @property
    def label(self) -> str:
        """What an author is shown before its numbers."""
        return self.word

    def conditions(self) -> Iterator[tuple[str, Message]]:
        """Yield what every student may see of it: a Python expression that must hold, and what is said otherwise."""
        yield from ()

    # What there is to see of it.

    def evidence(self, _actual: Observation, _expected: Expected) -> tuple[RecordedSeries, ...]:
        """Return what is drawn beside the words; nothing where numbers alone are compared."""
        return ()

    def texts(self, _actual: Observation, _expected: Expected) -> tuple[str, str] | None:
        """Return what was printed and what the solution prints, where their numbers are compared; None elsewhere."""
        return None

    # By what programs are told apart, and mistakes are named.

    @abstractmethod
    def facts(self, seen: Observation) -> object:
        """Return what two programs that behave the same agree in here beside numbers; None where there is nothing."""

    def resembles(
        self, _check: Check, _actual: Observation, _exact: Observation, _single: Observation, _expected: Expected
    ) -> bool:
        """Whether a program does what a wrong program does, in float64 and float32, in more than numbers and facts."""
        return True

    def specificity(self, _single: Observation) -> int:
        """Return how much a wrong program shows here; of several that a submission resembles, the one with most is it.

        The same for all where a wrong program's numbers must be met one for one.
        """
        return 0

    def patterns(self, _seen: Sequence[Observation]) -> Iterator[Pattern]:
        """Yield names of mistakes that what is read here shows by itself."""
        yield from ()


def comparisons(check: Check) -> tuple[Comparison, ...]:
    """Return what a check compares. Exercises know no more of it than what it records; readers put these there."""
    return cast(tuple[Comparison, ...], check.compare)


def worst_distance(actual: Mapping[str, Floats], expected: Expected, keys: Iterable[str]) -> float | None:
    """Return the worst distance among the arrays of these keys, in units of what is allowed.

    None where one is missing or has another number of elements.
    """
    worst = 0.0
    for key in keys:
        found, wanted = actual.get(key), expected.arrays[key]
        if found is None or found.size != wanted.size:
            return None
        if wanted.size:
            rows = (each[: expected.upto] if expected.upto else each for each in (found, wanted, expected.allowed(key)))
            off = excess(*(each.reshape(-1) for each in rows))
            worst = max(worst, float(off.max()))
    return worst
