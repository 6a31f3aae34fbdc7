"""Numbers in what a program prints."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import numpy as np

from grader.core.run.trace import Floats

_NUMBER = re.compile(r"(?<![\w.])[+\-\u2212]?(?:\d++\.?+\d*+|\.\d++)(?:[eE][+\-]?\d++)?+(?!\w)")
_COMMA = re.compile(r"(?<=\d),(?=\d)")
# What colours a terminal: the letter at its end would otherwise be part of the word that a number is in.
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_MOST = 20_000
# By which a guess at a sign, a factor or a mean over a few pairs is off.
_MULTIPLES = (-1.0, *(sign * factor for factor in (1 / 4, 1 / 3, 1 / 2, 2.0, 3.0, 4.0) for sign in (1, -1)))
# What is printed too coarsely is near many numbers.
_LEAST_PRECISION = 20
_LARGEST_TABLE = 2_000_000
_SHORTEST_TABLE, _MOST_OF_A_TABLE = 4, 0.5


@dataclass(frozen=True)
class Printed:
    """One printed number.

    Attributes:
        half_digit: half a unit of its last printed digit.
        decimals: digits behind the point.
        last: whether it is the last number of its line.
    """

    value: float
    half_digit: float
    decimals: int
    last: bool = False

    def tells(self, expected: float, tolerance: float, half_digit: float = 0.0) -> bool:
        """Whether this number is `expected`, as far as both are printed; `half_digit` is that of the expected one.

        Fewer than two decimals tell nothing unless they are all there is: a printed 8 is no proof of 7.8049.
        """
        if not math.isfinite(self.value):
            return False
        if self.decimals < 2:
            return abs(self.value - expected) <= tolerance
        # What was rounded may itself have been off by the tolerance: near the middle between two digits both count.
        return abs(self.value - expected) <= max(self.half_digit, half_digit) * (1 + 1e-9) + tolerance


def aligned(ours: Sequence[Printed], theirs: Sequence[Printed], tolerance: Floats) -> list[int | None] | None:
    """Return where among `theirs` each of `ours` is, in order: as many as can be found, and those early.

    A longest common subsequence: a number that happens to come again far below hides nothing of what is before it. Of
    several that are as long, one with more numbers at the ends of lines: what a line is about stands there, and labels
    and inputs before it.

    Args:
        tolerance: how far each of `ours` may be off.

    Returns:
        None where the two are too many to be held to each other.
    """
    if len(ours) * len(theirs) > _LARGEST_TABLE:
        return None
    same = _told(ours, theirs, tolerance)
    # A number found outweighs all that are at the ends of lines.
    worth = np.where([number.last for number in theirs], len(ours) + 2, len(ours) + 1)
    # most[i, j]: what the numbers are worth that can be found of ours from i on in theirs from j on.
    most = np.zeros((len(ours) + 1, len(theirs) + 1), dtype=np.int32)
    for i in reversed(range(len(ours))):
        best = np.maximum(most[i + 1, :-1], np.where(same[i], most[i + 1, 1:] + worth, 0))
        most[i, :-1] = np.maximum.accumulate(best[::-1])[::-1]
    found: list[int | None] = []
    at = 0
    for i, row in enumerate(same):
        best = row[at:] & (most[i + 1, at + 1 :] + worth[at:] == most[i, at])
        place = at + int(best.argmax()) if best.any() else None
        found.append(place)
        at = at if place is None else place + 1
    return found


def _told(ours: Sequence[Printed], theirs: Sequence[Printed], tolerance: Floats) -> np.ndarray:
    """Return which of theirs tells which of ours: `Printed.tells` for all of them at once."""
    values = np.array([number.value for number in theirs])
    coarse = np.array([number.decimals < 2 for number in theirs], dtype=bool)
    half_digits = np.array([number.half_digit for number in theirs])
    rows = np.zeros((len(ours), len(theirs)), dtype=bool)
    for place, wanted in enumerate(ours):
        least = wanted.half_digit if wanted.decimals else 0.0
        rounded = np.maximum(half_digits, least) * (1 + 1e-9) + tolerance[place]
        with np.errstate(invalid="ignore"):
            rows[place] = np.abs(values - wanted.value) <= np.where(coarse, tolerance[place], rounded)
    rows[:, ~np.isfinite(values)] = False
    return rows


def alternatives(expected: float, tolerance: float, numbers: Iterable[Printed]) -> int:
    """Return how many different small multiples of `expected` are among `numbers`, itself not counted."""
    seen = {
        multiple
        for number in numbers
        if _is_precise(number, tolerance)
        for multiple in _MULTIPLES
        if number.tells(multiple * expected, abs(multiple) * tolerance)
    }
    return len(seen)


def tables_of_multiples(ours: Sequence[Printed], theirs: Sequence[Printed], tolerance: Floats) -> int:
    """Return how many different small multiples of `ours` stand among `theirs` as whole tables: most of them, in order.

    Args:
        tolerance: how far each of `ours` may be off.
    """
    told = [place for place, number in enumerate(ours) if abs(number.value) > _LEAST_PRECISION * tolerance[place]]
    precise = [number for number in theirs if _is_precise(number)]
    if len(told) < _SHORTEST_TABLE:
        return 0
    off = tolerance[told]
    count = 0
    for multiple in _MULTIPLES:
        wanted = [replace(ours[place], value=multiple * ours[place].value) for place in told]
        found = aligned(wanted, precise, abs(multiple) * off) or []
        count += sum(place is not None for place in found) > _MOST_OF_A_TABLE * len(told)
    return count


def _is_precise(number: Printed, tolerance: float = 0.0) -> bool:
    """Whether a number was not printed so coarsely that it is near many."""
    return not number.value.is_integer() and abs(number.value) > _LEAST_PRECISION * (number.half_digit + tolerance)


def points_for_commas(text: str) -> str:
    """Return `text` with a point for each comma between two digits, as in -7,84."""
    return _COMMA.sub(".", text)


# What a submission printed is held to each of the author's wrong programs.
@lru_cache(maxsize=8)
def printed_numbers(text: str) -> tuple[Printed, ...]:
    """Return the numbers in `text`, in order; at most 20,000."""
    plain = uncoloured(text)
    found = list(islice(_NUMBER.finditer(plain), _MOST))
    ahead = [match.start() for match in found[1:]]
    last = ["\n" in plain[match.end() : start] for match, start in zip(found, ahead, strict=False)]
    return tuple(
        _read(match[0].replace("\u2212", "-"), ends) for match, ends in zip(found, [*last, True], strict=False)
    )


def uncoloured(text: str) -> str:
    """Return `text` without what colours a terminal."""
    return _COLOUR.sub("", text)


def _read(text: str, last: bool) -> Printed:
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    shift = int(exponent[:6]) if exponent else 0
    half_digit = 0.5 * 10.0 ** max(min(shift - decimals, 300), -300)
    return Printed(float(text), half_digit, max(decimals - shift, 0), last)
