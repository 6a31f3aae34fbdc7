"""Picks what there is to see of a check: the curves of the probe that went wrong first, and where it departs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.core.compare.comparison import Series, comparisons
from grader.core.compare.quantities import QUANTITIES
from grader.core.compare.tolerance import Expected, Observation, excess
from grader.core.course.exercise import Check
from grader.core.course.sampling import Array
from grader.core.diagnose.behaviour import raised_in
from grader.core.diagnose.diagnose import Case
from grader.core.report.evidence import Curve, Exhibit, Step
from grader.core.words.message import Message, say
from grader.core.words.numbers import show

_BEFORE, _AFTER = 1, 2


def exhibit_of(case: Case) -> Exhibit:
    """Return what there is to see; for a training, of the first probe that departs from the reference."""
    observations = case.observations[case.best]
    line = next((raised.line for observation in observations if (raised := raised_in(observation)) is not None), 0)
    first: Exhibit | None = None
    for observation, expected, numbers in zip(observations, case.expected, case.numbers, strict=True):
        curves = _curves(case.check, observation, expected)
        shown = Exhibit(curves, line=line)
        departed = [curve for curve in curves if curve.departure is not None]
        # Where an error ended the run, or it never took the numbers it was given, its steps are not what is wrong.
        if departed and not line and not _had_other_numbers(observation):
            return Exhibit(curves, departed[0].quantity, _around(case.check, departed[0], numbers), line)
        first = first or shown
    return first or Exhibit(line=line)


def _had_other_numbers(observation: Observation) -> bool:
    ran = observation.run.ran
    return ran is not None and bool(ran.unbound or ran.odd)


def told_steps(exhibit: Exhibit) -> Message | None:
    """Return the steps around the first departure as rows of text; None where there are none."""
    rows: Message | None = None
    for step in exhibit.steps:
        row = say(
            "{mark} step {number}: {data}{quantity} {actual}, expected {expected}",
            mark="  →" if step.differs else "   ",
            number=step.number,
            data="".join(f"{name} = {show(value)}, " for name, value in step.data),
            quantity=QUANTITIES.get(exhibit.quantity, exhibit.quantity),
            actual="–" if step.actual is None else show(step.actual),
            expected="–" if step.expected is None else show(step.expected),
        )
        rows = row if rows is None else say("{rows}\n{row}", rows=rows, row=row)
    return rows


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


def _around(check: Check, departed: Curve, numbers: Mapping[str, Array]) -> tuple[Step, ...]:
    place = departed.departure or 0
    most = max(len(departed.actual), len(departed.expected))
    steps = range(max(place - _BEFORE, 0), min(place + _AFTER + 1, most))
    return tuple(
        Step(
            step + 1,
            _sample(check, step, numbers),
            departed.actual[step] if step < len(departed.actual) else None,
            departed.expected[step] if step < len(departed.expected) else None,
            step == place,
        )
        for step in steps
    )


def _sample(check: Check, step: int, numbers: Mapping[str, Array]) -> tuple[tuple[str, float], ...]:
    return tuple(
        (name, numbers[name].numbers[step % len(numbers[name].numbers)]) for name in check.samples if name in numbers
    )
