"""`output`: the numbers that the run prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from grader.core.compare.comparison import Comparison
from grader.core.compare.printed_numbers import (
    Printed,
    aligned,
    alternatives,
    points_for_commas,
    printed_numbers,
    tables_of_multiples,
)
from grader.core.compare.tolerance import Expected, Mismatch, Observation
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Syntax
from grader.core.course.exercise import Check
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

_KEY = "output"
_FEWEST_GUESSES = 2
_FEWEST_PLACES, _SHARE_OF_PLACES = 2, 0.25


@dataclass(frozen=True)
class CompareOutput(Comparison):
    """The solution's printed numbers among the submission's, in their order; others may lie between."""

    word = "output"
    syntax = Syntax(
        "output", "The numbers that the solution prints, in order, among the numbers that the submission prints."
    )
    reasons: ClassVar[Mapping[str, Message]] = {
        "no-output": say("The program prints no numbers."),
        "output-missing": say("Required number {step} of {steps}, {about}, was not found at its place in the output."),
        "output-too-much": say(
            "The program prints {count} numbers; at most {most} are read. Print only what is asked for."
        ),
        "output-guessed": say(
            "Beside required number {step} of {steps}, {about}, the program prints multiples of it, and so at "
            "{count} places. Print one number for each that is asked."
        ),
        "output-tables": say(
            "The program prints the required numbers and multiples of them: {count} tables. Print one number for each "
            "that is asked."
        ),
    }
    numbers_tell = False

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("output"),)

    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        return {_KEY: np.array([number.value for number in printed_numbers(seen.run.stdout)])}

    def mismatch(self, _check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        found = self._missing(printed_numbers(actual.run.stdout), expected)
        with_points = points_for_commas(actual.run.stdout)
        if found is None or with_points == actual.run.stdout:
            return found
        # As typed answers may have a decimal comma, so may printed ones: in all numbers, or in none.
        otherwise = self._missing(printed_numbers(with_points), expected)
        return None if otherwise is None else max(found, otherwise, key=lambda each: each.place)

    def _missing(self, theirs: Sequence[Printed], expected: Expected) -> Mismatch | None:
        ours = printed_numbers(expected.observation.run.stdout)
        most = 4 * len(ours)
        if not theirs:
            return Mismatch("no-output")
        if len(theirs) > most:
            return Mismatch("output-too-much", fields={"count": len(theirs), "most": most})
        tolerance = expected.allowed(_KEY)
        waiting, found = enumerate(theirs), []
        for place, wanted in enumerate(ours):
            half_digit = wanted.half_digit if wanted.decimals else 0.0
            allowed = float(tolerance[place])
            right = next((at for at, number in waiting if number.tells(wanted.value, allowed, half_digit)), None)
            if right is None:
                return _lacking(theirs, ours, place, tolerance)
            found.append(right)
        return _guessed(theirs, ours, found, tolerance)

    def texts(self, actual: Observation, expected: Expected) -> tuple[str, str] | None:
        return actual.run.stdout, expected.observation.run.stdout

    def distance(self, _actual: Observation, _expected: Expected) -> float | None:
        # What is printed is rounded: a distance says nothing.
        return 0.0

    def asked(self, _check: Check) -> Message:
        return say("the numbers that the program prints")

    def question(self, _check: Check) -> Message:
        return say("What should be printed, how many times, and in which order?")

    def facts(self, seen: Observation) -> object:
        # A method printed without its parentheses.
        return "<built-in method" in seen.run.stdout

    def resembles(
        self, check: Check, actual: Observation, exact: Observation, single: Observation, expected: Expected
    ) -> bool:
        """Whether both first lack the same expected number, and the wrong program's are among the submission's."""
        lacks = [self.mismatch(check, each, expected) for each in (actual, single)]
        places = [None if lack is None else (lack.reason, lack.place) for lack in lacks]
        if places[0] != places[1]:
            return False
        arrays, rounded = self.arrays(exact), self.arrays(single)[_KEY]
        off = np.abs(arrays[_KEY] - rounded) if rounded.shape == arrays[_KEY].shape else np.zeros(0)
        own = Expected(exact, arrays, {_KEY: float(off.max()) if off.size else 0.0})
        return not arrays[_KEY].size or self.mismatch(check, actual, own) is None

    def specificity(self, single: Observation) -> int:
        return len(printed_numbers(single.run.stdout))


def _lacking(theirs: Sequence[Printed], ours: Sequence[Printed], place: int, tolerance: Floats) -> Mismatch:
    """Return the first number that is lacking where as many as can be are found; `place` is where all were so far."""
    found = aligned(ours, theirs, tolerance)
    place = place if found is None else found.index(None)
    wanted = ours[place].value
    fields = {"steps": len(ours), "about": f"{wanted:.4g}"}
    return Mismatch("output-missing", (place,), expected=wanted, fields=fields)


def _guessed(
    theirs: Sequence[Printed], ours: Sequence[Printed], found: Sequence[int], tolerance: Floats
) -> Mismatch | None:
    """Return that numbers stand among guesses: who does not know a sign or a factor prints some, and one is right.

    What else a program shows of its run, as inputs, predictions, losses and parameters, is no fixed multiple of what is
    asked for; one such number, as the step that follows from a gradient, may be.

    Args:
        found: where among `theirs` each of `ours` is.
    """
    ends = (-1, *found, len(theirs))
    places = [
        place
        for place, wanted in enumerate(ours)
        if alternatives(wanted.value, float(tolerance[place]), theirs[ends[place] + 1 : ends[place + 2]])
        >= _FEWEST_GUESSES
    ]
    if len(places) < max(_FEWEST_PLACES, _SHARE_OF_PLACES * len(ours)):
        return _tabulated(theirs, ours, tolerance, found)
    wanted = ours[places[0]].value
    fields = {"steps": len(ours), "about": f"{wanted:.4g}", "count": len(places)}
    return Mismatch("output-guessed", (places[0],), expected=wanted, fields=fields)


def _tabulated(
    theirs: Sequence[Printed], ours: Sequence[Printed], tolerance: Floats, found: Sequence[int]
) -> Mismatch | None:
    """Return that the guesses stand in tables of their own, one after the other or row by row."""
    # What is asked for is no guess, though it may be a multiple of itself further on: a rate that is halved again.
    right = set(found)
    others = [number for place, number in enumerate(theirs) if place not in right]
    tables = tables_of_multiples(ours, others, tolerance)
    return Mismatch("output-tables", fields={"count": tables + 1}) if tables >= _FEWEST_GUESSES else None
