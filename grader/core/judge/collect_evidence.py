"""Picks what there is to see of a check: the curves of the probe that went wrong first, and where it departs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from grader.core.compare.tolerance import Expected, Sight, excess
from grader.core.compare.training_record import paired_leaves
from grader.core.course.exercise import Check, CompareStores, CompareTrace
from grader.core.course.sampling import Array
from grader.core.diagnose.behaviour import raised_in
from grader.core.diagnose.diagnose import Case
from grader.core.report.evidence import Series
from grader.core.report.finding import Finding, finding
from grader.core.run.trace import Floats, Trace
from grader.core.words.numbers import show

_BEFORE, _AFTER = 1, 2


def evidence_of(case: Case) -> tuple[tuple[Series, ...], Finding | None]:
    """Return what there is to see, and the first step that differs with those around it.

    For a training both are of the first probe that departs from the reference.
    """
    # Where an error ended the run, or it never took the numbers it was given, its steps are not what is wrong.
    ended = next((raised.line for sight in case.sights[case.best] if (raised := raised_in(sight)) is not None), 0)
    first: tuple[Series, ...] | None = None
    for sight, expected, numbers in zip(case.sights[case.best], case.expected, case.numbers, strict=True):
        curves = _curves(case.check, sight, expected)
        departed = [curve for curve in curves if curve.departure is not None]
        if departed and not ended and not _had_other_numbers(sight):
            return curves, _around(case.check, departed[0], numbers)
        first = curves if first is None else first
    return first or (), None


def _had_other_numbers(sight: Sight) -> bool:
    ran = sight.run.ran
    return ran is not None and bool(ran.unbound or ran.odd)


def _curves(check: Check, sight: Sight, expected: tuple[Expected, ...]) -> tuple[Series, ...]:
    for item, one in zip(check.compare, expected, strict=True):
        ran = sight.run.ran
        if isinstance(item, CompareTrace) and ran is not None and ran.trace is not None and ran.trace.steps:
            return _of_trace(item.parts, ran.trace, one)
        if isinstance(item, CompareStores) and ran is not None and ran.stores is not None and ran.stores.size:
            curve = _curve(item.name, ran.stores, one, item.name)
            return () if curve is None else (curve,)
    return ()


def _of_trace(parts: tuple[str, ...], trace: Trace, expected: Expected) -> tuple[Series, ...]:
    theirs = trace.series
    leaves = paired_leaves(parts, trace, expected)
    keys = {"loss": ("loss", "loss")}
    if leaves is not None:
        keys |= {part: (f"{part} {leaves[0]}", f"{part} {leaves[1]}") for part in ("gradient", "parameter")}
    found = [_curve(part, theirs.get(keys[part][0]), expected, keys[part][1]) for part in parts if part in keys]
    return _first_only(tuple(curve for curve in found if curve is not None))


def _curve(name: str, mine: Floats | None, expected: Expected, key: str) -> Series | None:
    """Return one quantity's curve; None where it is more than one number a step, or missing."""
    ours = expected.arrays.get(key)
    if mine is None or ours is None or mine[0].size != 1 or ours[0].size != 1:
        return None
    actual, wanted = mine.reshape(-1), ours.reshape(-1)
    both = min(len(actual), len(wanted))
    off = np.flatnonzero(excess(actual[:both], wanted[:both], expected.allowed(key).reshape(-1)[:both]) > 1)
    departure = int(off[0]) if off.size else both if len(actual) != len(wanted) else None
    return Series(name, tuple(wanted.tolist()), tuple(actual.tolist()), departure)


def _first_only(curves: tuple[Series, ...]) -> tuple[Series, ...]:
    """Mark the quantity that departs first; of one step, the gradient says most, then the loss."""
    order = ("gradient", "loss", "parameter")
    departed = [curve for curve in curves if curve.departure is not None]
    if not departed:
        return curves
    first = min(departed, key=lambda curve: (curve.departure, order.index(curve.quantity)))
    return tuple(curve if curve is first else Series(curve.quantity, curve.expected, curve.actual) for curve in curves)


def _around(check: Check, departed: Series, numbers: Mapping[str, Array]) -> Finding:
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
