"""Picks what there is to see of a check: the curves of the probe that went wrong first, and where it departs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from grader.core.compare.tolerance import Expected, Sight, excess
from grader.core.compare.training_record import paired_leaves
from grader.core.course.exercise import Check, CompareStores, CompareTrace
from grader.core.course.sampling import Array
from grader.core.diagnose.behaviour import raised_in
from grader.core.diagnose.diagnose import Case
from grader.core.report.evidence import Curve, Exhibit, Step
from grader.core.run.trace import Floats, Trace
from grader.core.words.message import Message, say
from grader.core.words.numbers import show

QUANTITIES = {"loss": say("loss"), "gradient": say("gradient"), "parameter": say("parameter")}
_BEFORE, _AFTER = 1, 2


def exhibit_of(case: Case) -> Exhibit:
    """Return what there is to see; for a training, of the first probe that departs from the reference."""
    sights = case.sights[case.best]
    line = next((raised.line for sight in sights if (raised := raised_in(sight)) is not None), 0)
    first: Exhibit | None = None
    for sight, expected, numbers in zip(sights, case.expected, case.numbers, strict=True):
        curves = _curves(case.check, sight, expected)
        shown = Exhibit(curves, line=line)
        departed = [curve for curve in curves if curve.departure is not None]
        # Where an error ended the run, or it never took the numbers it was given, its steps are not what is wrong.
        if departed and not line and not _had_other_numbers(sight):
            return Exhibit(curves, departed[0].quantity, _around(case.check, departed[0], numbers), line)
        first = first or shown
    return first or Exhibit(line=line)


def _had_other_numbers(sight: Sight) -> bool:
    ran = sight.run.ran
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


def _curves(check: Check, sight: Sight, expected: tuple[Expected, ...]) -> tuple[Curve, ...]:
    for item, one in zip(check.compare, expected, strict=True):
        ran = sight.run.ran
        if isinstance(item, CompareTrace) and ran is not None and ran.trace is not None and ran.trace.steps:
            return _of_trace(item.parts, ran.trace, one)
        if isinstance(item, CompareStores) and ran is not None and ran.stores is not None and ran.stores.size:
            curve = _curve(item.name, ran.stores, one, item.name)
            return () if curve is None else (curve,)
    return ()


def _of_trace(parts: tuple[str, ...], trace: Trace, expected: Expected) -> tuple[Curve, ...]:
    theirs = trace.series
    leaves = paired_leaves(parts, trace, expected)
    keys = {"loss": ("loss", "loss")}
    if leaves is not None:
        keys |= {part: (f"{part} {leaves[0]}", f"{part} {leaves[1]}") for part in ("gradient", "parameter")}
    found = [_curve(part, theirs.get(keys[part][0]), expected, keys[part][1]) for part in parts if part in keys]
    return _first_only(tuple(curve for curve in found if curve is not None))


def _curve(name: str, mine: Floats | None, expected: Expected, key: str) -> Curve | None:
    """Return one quantity's curve; None where it is more than one number a step, or missing."""
    ours = expected.arrays.get(key)
    if mine is None or ours is None or mine[0].size != 1 or ours[0].size != 1:
        return None
    actual, wanted = mine.reshape(-1), ours.reshape(-1)
    both = min(len(actual), len(wanted))
    off = np.flatnonzero(excess(actual[:both], wanted[:both], expected.allowed(key).reshape(-1)[:both]) > 1)
    departure = int(off[0]) if off.size else both if len(actual) != len(wanted) else None
    return Curve(name, tuple(wanted.tolist()), tuple(actual.tolist()), departure)


def _first_only(curves: tuple[Curve, ...]) -> tuple[Curve, ...]:
    """Mark the quantity that departs first; of one step, the gradient says most, then the loss."""
    order = ("gradient", "loss", "parameter")
    departed = [curve for curve in curves if curve.departure is not None]
    if not departed:
        return curves
    first = min(departed, key=lambda curve: (curve.departure, order.index(curve.quantity)))
    return tuple(curve if curve is first else Curve(curve.quantity, curve.expected, curve.actual) for curve in curves)


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
