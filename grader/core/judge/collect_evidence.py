"""Picks what there is to see of a check: the curves of the probe that went wrong first, and where it departs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.core.compare.comparison import Series, comparisons
from grader.core.compare.tolerance import Expected, Observation, excess
from grader.core.course.exercise import Check
from grader.core.course.sampling import Array
from grader.core.diagnose.behaviour import raised_in
from grader.core.diagnose.diagnose import Case
from grader.core.report.evidence import Curve
from grader.core.report.finding import Finding, finding
from grader.core.words.numbers import show

_BEFORE, _AFTER = 1, 2


def evidence_of(case: Case) -> tuple[tuple[Curve, ...], Finding | None]:
    """Return what there is to see, and the first step that differs with those around it.

    For a training both are of the first probe that departs from the reference.
    """
    observations = case.observations[case.best]
    line = next((raised.line for observation in observations if (raised := raised_in(observation)) is not None), 0)
    first: tuple[Curve, ...] | None = None
    for observation, expected, numbers in zip(observations, case.expected, case.numbers, strict=True):
        curves = _curves(case.check, observation, expected)
        departed = [curve for curve in curves if curve.departure is not None]
        # Where an error ended the run, or it never took the numbers it was given, its steps are not what is wrong.
        if departed and not line and not _had_other_numbers(observation):
            return curves, _around(case.check, departed[0], numbers)
        first = curves if first is None else first
    return first or (), None


def _had_other_numbers(observation: Observation) -> bool:
    ran = observation.run.ran
    return ran is not None and bool(ran.unbound or ran.odd)


def _curves(check: Check, observation: Observation, expected: tuple[Expected, ...]) -> tuple[Curve, ...]:
    """Return the curves of the first comparison that has any to show."""
    for item, one in zip(comparisons(check), expected, strict=True):
        series = item.evidence(observation, one)
        if series:
            return _first_only([(each.rank, curve) for each in series if (curve := _curve(each, one)) is not None])
    return ()


def _curve(series: Series, expected: Expected) -> Curve | None:
    """Return one quantity's curve; None where it is more than one number a step, or missing."""
    mine, ours = series.actual, expected.arrays.get(series.key)
    if mine is None or ours is None or mine[0].size != 1 or ours[0].size != 1:
        return None
    actual, wanted = mine.reshape(-1), ours.reshape(-1)
    both = min(len(actual), len(wanted))
    off = np.flatnonzero(excess(actual[:both], wanted[:both], expected.allowed(series.key).reshape(-1)[:both]) > 1)
    departure = int(off[0]) if off.size else both if len(actual) != len(wanted) else None
    return Curve(series.quantity, tuple(wanted.tolist()), tuple(actual.tolist()), departure)


def _first_only(ranked: Sequence[tuple[int, Curve]]) -> tuple[Curve, ...]:
    """Mark the quantity that departs first; of one step, that of the lowest rank."""
    departures = [(curve.departure, rank, curve) for rank, curve in ranked if curve.departure is not None]
    if not departures:
        return tuple(curve for _, curve in ranked)
    first = min(departures, key=lambda each: each[:2])[2]
    return tuple(curve if curve is first else replace(curve, departure=None) for _, curve in ranked)


def _around(check: Check, departed: Curve, numbers: Mapping[str, Array]) -> Finding:
    place = departed.departure or 0
    most = max(len(departed.actual), len(departed.expected))
    steps = range(max(place - _BEFORE, 0), min(place + _AFTER + 1, most))
    rows = tuple(
        finding(
            "step-that-differs" if step == place else "step-around",
            step=step + 1,
            quantity=departed.quantity,
            inputs=_sample(check, step, numbers),
            actual=_told(departed.actual, step),
            expected=_told(departed.expected, step),
        )
        for step in steps
    )
    return finding("first-difference", step=place + 1, quantity=departed.quantity, rows=rows)


def _told(numbers: Sequence[float], step: int) -> float | None:
    """Return a number as exactly as it is told; None where the run had no such step."""
    return float(show(numbers[step])) if step < len(numbers) else None


def _sample(check: Check, step: int, numbers: Mapping[str, Array]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, show(numbers[name].numbers[step % len(numbers[name].numbers)]))
        for name in check.samples
        if name in numbers
    )
