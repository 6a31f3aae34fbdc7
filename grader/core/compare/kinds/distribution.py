"""`{distribution: 2000}`: how what the call returns is distributed over many calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import ClassVar

import numpy as np

from grader.core.compare.comparison import Comparison
from grader.core.compare.parts import Place, fields_of_place, path_of, placed
from grader.core.compare.tolerance import Expected, Mismatch, Observation, numbers_mismatch, shown_shape
from grader.core.course.checks.recording import Recording
from grader.core.course.declared import Syntax, Whole
from grader.core.course.exercise import Check
from grader.core.run.observation import Value
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

# Of all right submissions, so many in a million may fail: over all numbers that are compared together.
_FALSE_ALARM = 1e-6
# How far a statistic varies by chance is seen from these parts of the calls.
_BLOCKS = 40
# Student's t with 39 degrees of freedom, beside the normal distribution, so far out.
_HEAVIER = 1.3
# What was never seen in n calls may still happen with a probability of ln(10⁸) / n.
_UNSEEN = 20.0
_ROUNDING = 1e-5
# Between these, in standard errors, a difference may be chance or a small mistake: so many times the draws decide.
_DOUBTFUL, _CERTAIN = 3.0, 8.0
_MORE = 10
# So many numbers, of all these calls together, a box sends at most.
_MOST_NUMBERS = 1_000_000
# What is drawn once for several, or once for all calls, is far off: where events are rare, chance is off by more than
# its standard error tells.
_LEAST = {"distribution-elements": 0.5, "distribution-calls": 0.25}

Statistic = Callable[[Floats], Floats]


def _mean(calls: Floats) -> Floats:
    return np.asarray(calls.mean(axis=0))


def _std(calls: Floats) -> Floats:
    return np.asarray(calls.std(axis=0))


def _zeros(calls: Floats) -> Floats:
    return np.asarray((calls == 0).mean(axis=0))


def _spread(calls: Floats) -> Floats:
    """Return the standard deviation of all elements together."""
    return np.asarray(np.sqrt(calls.var(axis=0).mean()))


def _skewness(calls: Floats) -> Floats:
    return np.asarray(_squashed(calls).mean())


def _kurtosis(calls: Floats) -> Floats:
    return np.asarray((_squashed(calls) ** 2).mean())


def _squashed(calls: Floats) -> Floats:
    """Return the numbers in units of their spread, far ones brought near: powers of them would be those of a few."""
    size = _spread(calls)
    return np.asarray(np.tanh((calls - calls.mean(axis=0)) / size) if size > 0 else np.zeros(1))


def _between_elements(calls: Floats) -> Floats:
    """Return the variance of the mean of the elements, in units of what it is where these are independent."""
    rows = calls.reshape(len(calls), -1)
    alone = rows.var(axis=0).mean() / rows.shape[1]
    return np.asarray(rows.mean(axis=1).var() / alone if alone > 0 else 0.0)


def _between_calls(calls: Floats) -> Floats:
    """Return the correlation of each call with the next, all elements together."""
    rows = calls.reshape(len(calls), -1)
    off = rows - rows.mean(axis=0)
    variance = (off**2).mean()
    return np.asarray((off[1:] * off[:-1]).mean() / variance if variance > 0 else 0.0)


# By the reason of a mismatch, in the order in which they are looked at.
_STATISTICS: Mapping[str, Statistic] = {
    "distribution-mean": _mean,
    "distribution-zeros": _zeros,
    "distribution-std": _std,
    "distribution-spread": _spread,
    "distribution-elements": _between_elements,
    "distribution-calls": _between_calls,
    "distribution-skewness": _skewness,
    "distribution-kurtosis": _kurtosis,
}


@dataclass(frozen=True)
class CompareDistribution(Comparison):
    """The distribution of what a random program returns.

    The solution is called as often. A statistic may be off by as much as chance explains: its standard error, from
    parts of the solution's calls, for both programs, so often that of a million right submissions one fails. What is
    off by 3 to 8 standard errors is called again, ten times as often, and that decides: it shows a third of the
    mistake.
    """

    word = "distribution"
    rule = 2
    syntax = Syntax(
        "{distribution: 2000}",
        "How what the call returns is distributed over so many calls: mean, standard deviation, share of zeros, shape "
        "of the distribution, and whether elements and calls are independent as the solution's are.",
        Whole(200, 20_000),
    )
    by_chance = True
    tolerant = False
    reasons: ClassVar[Mapping[str, Message]] = {
        "distribution-none": say("{subject} gives no numbers to look at."),
        "distribution-ragged": say("{subject} does not give numbers of the same shape at every call."),
        "distribution-shape": say("{subject} has shape {shape}; expected {expected_shape}."),
        "distribution-constant": say("{subject} is the same at every call; it should be drawn anew each time."),
        "distribution-mean": say("The mean of {subject} over many calls is {actual}; accepted: {interval}."),
        "distribution-zeros": say("The share of zeros in {subject} over many calls is {actual}; accepted: {interval}."),
        "distribution-std": say(
            "The standard deviation of {subject} over many calls is {actual}; accepted: {interval}."
        ),
        "distribution-spread": say(
            "The standard deviation of all elements of {subject} over many calls is {actual}; accepted: {interval}."
        ),
        "distribution-elements": say(
            "The elements of {subject} do not vary together as they should: is one random number used for several, or "
            "several where one belongs?"
        ),
        "distribution-calls": say("{subject} depends on the call before it; each call should be drawn anew."),
        "distribution-skewness": say("The distribution of {subject} has another skewness than it should."),
        "distribution-kurtosis": say(
            "The distribution of {subject} has another shape than it should: uniform in place of normal, for example."
        ),
    }

    count: int

    def recordings(self) -> tuple[Recording, ...]:
        return (Recording("draws", (str(self.count),)),)

    def _values(self, seen: Observation) -> Mapping[Place, Value]:
        return placed(seen.called.draws if seen.called else ())

    def incomparable(self, seen: Observation) -> Message | None:
        odd = next((place for place, value in self._values(seen).items() if value.data is None), None)
        return (
            None
            if odd is None
            else say(
                "what the solution returns ({place}) is not numbers of one shape at every call, so it has no "
                "distribution to compare; return numbers only",
                place=path_of(odd) or say("all of it"),
            )
        )

    @np.errstate(all="ignore")
    def arrays(self, seen: Observation) -> Mapping[str, Floats]:
        return {
            _key(reason, place): statistic(value.data)
            for place, value in self._values(seen).items()
            if value.data is not None
            for reason, statistic in _STATISTICS.items()
        }

    @np.errstate(all="ignore")
    def chance(self, seen: Observation) -> Mapping[str, Floats]:
        allowed: dict[str, Floats] = {}
        for place, value in self._values(seen).items():
            if value.data is None:
                continue
            far = _far(value.data) * np.sqrt(2)
            blocks = np.array_split(value.data, _BLOCKS)
            size = float(np.abs(value.data).max(initial=0.0))
            for reason, statistic in _STATISTICS.items():
                error = np.std([statistic(block) for block in blocks], axis=0, ddof=1) / np.sqrt(_BLOCKS)
                rounding = _ROUNDING * (size if reason in ("distribution-mean", "distribution-std") else 1.0)
                least = _UNSEEN / len(value.data) if reason == "distribution-zeros" else _LEAST.get(reason, rounding)
                allowed[_key(reason, place)] = np.asarray(np.maximum(far * error, least))
        return allowed

    @np.errstate(all="ignore")
    def in_doubt(self, actual: Observation, expected: Expected) -> CompareDistribution | None:
        mine, ours = self._values(actual), self._values(expected.observation)
        statistics = self.arrays(actual)
        worst, numbers = 0.0, 0
        for place, value in ours.items():
            found = mine.get(place)
            if found is None or found.data is None or value.data is None or found.data.shape != value.data.shape:
                return None
            numbers += value.data.size
            for reason in _STATISTICS.keys() - _LEAST.keys():
                key = _key(reason, place)
                off = np.abs(statistics[key] - expected.arrays[key]) / expected.allowed(key)
                worst = max(worst, float(off.max(initial=0.0)) * _far(value.data))
        more = _DOUBTFUL <= worst <= _CERTAIN and _MORE * numbers <= _MOST_NUMBERS
        return replace(self, count=_MORE * self.count) if more else None

    @np.errstate(all="ignore")
    def mismatch(self, _check: Check, actual: Observation, expected: Expected) -> Mismatch | None:
        mine, ours = self._values(actual), self._values(expected.observation)
        statistics = self.arrays(actual)
        for place, value in ours.items():
            told = fields_of_place(place)
            found = mine.get(place)
            if found is None or found.data is None or value.data is None:
                ragged = found is not None and found.kind == "other"
                return Mismatch("distribution-ragged" if ragged else "distribution-none", fields=told)
            shape, wanted = found.data.shape[1:], value.data.shape[1:]
            if shape != wanted:
                shapes = {"shape": shown_shape(shape), "expected_shape": shown_shape(wanted)}
                return Mismatch("distribution-shape", fields={**told, **shapes})
            if not np.ptp(found.data, axis=0).any() and np.ptp(value.data, axis=0).any():
                return Mismatch("distribution-constant", fields=told)
            for reason in _STATISTICS:
                key = _key(reason, place)
                off = numbers_mismatch(statistics[key], expected.arrays[key], expected.allowed(key))
                if off is not None:
                    return replace(off, reason=reason, fields=told)
        return None

    def distance(self, actual: Observation, expected: Expected) -> float | None:
        return None if self.mismatch(_NO_CHECK, actual, expected) else 0.0

    def asked(self, check: Check) -> Message:
        calls = " / ".join(map(str, check.calls))
        return say("how {calls} is distributed over many calls", calls=calls)

    def question(self, _check: Check) -> Message:
        return say("Call it a thousand times: which mean, which standard deviation and how many zeros do you expect?")

    def facts(self, seen: Observation) -> object:
        return tuple(value.data is None for value in self._values(seen).values())


_NO_CHECK = Check("", 0, ())


def _far(calls: Floats) -> float:
    """Return how many standard errors a statistic may be off, so that one in a million is, whichever it is."""
    compared = sum(statistic(calls).size for statistic in _STATISTICS.values())
    return -NormalDist().inv_cdf(_FALSE_ALARM / 2 / compared) * _HEAVIER


def _key(reason: str, place: Place) -> str:
    name = reason.partition("-")[2]
    return f"{name} of {path_of(place)}" if place else name
