"""Holds the record of a training against the reference's: backward calls, or the values of a variable."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from grader.core.compare.mismatch import Mismatch, Reason, shown_shape
from grader.core.compare.tolerance import Arrays, Expected, Sight, excess
from grader.core.run.trace import Backward, Floats, Trace
from grader.core.words.message import say


def trace_mismatch(parts: tuple[str, ...], actual: Sight, expected: Expected) -> Mismatch | None:
    trace = actual.run.ran.trace if actual.run.ran else None
    if trace is None or not trace.steps:
        return Mismatch(Reason.NO_BACKWARD, say("the run"))
    found = _steps(parts, trace, expected)
    if found is None:
        return None
    # A look at a gradient that no update follows is no step of the training.
    wanted = len(next(iter(expected.arrays.values()), ()))
    candidates = (trace.steps, *_updated(trace)) if len(trace.steps) == trace.count else ()
    # The last steps alone: they begin where training begins, so nothing before them moved the parameter.
    for steps in _each_once((*candidates, *(steps[-wanted:] for steps in candidates))):
        if steps and len(steps) < trace.count and _steps(parts, Trace(steps, len(steps)), expected) is None:
            return None
    return found


def _each_once(candidates: Iterable[tuple[Backward, ...]]) -> Iterator[tuple[Backward, ...]]:
    """Yield each of several choices of the same steps once: mostly there are two or three."""
    tried: set[tuple[int, ...]] = set()
    for steps in candidates:
        chosen = tuple(map(id, steps))
        if chosen not in tried:
            tried.add(chosen)
            yield steps


def _steps(parts: tuple[str, ...], trace: Trace, expected: Expected) -> Mismatch | None:
    """Compare the steps with the reference's; any leaf may be the parameter, if it is the same one throughout."""
    theirs, steps, count = trace.series, trace.steps, trace.count
    expected_count = len(next(iter(expected.arrays.values()), ()))
    compared = min(len(steps), expected_count)
    for wanted in _leaves(expected.arrays):
        results = [_series(parts, (leaf, wanted), theirs, expected, compared) for leaf in _leaves(theirs)]
        if not results:
            return Mismatch(Reason.NO_PARAMETER, say("the run"))
        found = max(results, key=_how_far)
        if found is not None:
            return replace(found, fields={**found.fields, "steps": expected_count})
    if count != expected_count:
        fields = {"count": count, "expected_count": expected_count}
        return Mismatch(Reason.STEPS_RIGHT_SO_FAR, say("the run"), (compared,), fields=fields)
    return None


def paired_leaves(parts: tuple[str, ...], trace: Trace, expected: Expected) -> tuple[str, str] | None:
    """Return the submission's leaf that agrees longest with the reference's first one that it does not agree with.

    Both by their number in the series; the first pair where all agree, None where no leaf lasts through the training.
    """
    theirs = trace.series
    compared = min(len(trace.steps), len(next(iter(expected.arrays.values()), ())))
    best: tuple[str, str] | None = None
    for wanted in _leaves(expected.arrays):
        results = {leaf: _series(parts, (leaf, wanted), theirs, expected, compared) for leaf in _leaves(theirs)}
        if not results:
            return None
        leaf = max(results, key=lambda each: _how_far(results[each]))
        if results[leaf] is not None:
            return leaf, wanted
        best = best or (leaf, wanted)
    return best


def _how_far(found: Mismatch | None) -> tuple[float, int]:
    """Order mismatches by how far the training agreed before them: the step, then the part of the step."""
    parts = (Reason.SHAPE, Reason.START_PARAMETER, Reason.STEP_PARAMETER, Reason.STEP_LOSS, Reason.STEP_GRADIENT)
    return (math.inf, 0) if found is None else (found.place[0], parts.index(found.reason))


def _leaves(series: Arrays) -> list[str]:
    return [key.partition(" ")[2] for key in series if key.startswith("parameter ")]


_STEP_SUBJECTS = {
    Reason.STEP_PARAMETER: say("the parameter at a backward call"),
    Reason.STEP_LOSS: say("the loss at a backward call"),
    Reason.STEP_GRADIENT: say("the gradient at a backward call"),
}
_QUANTITIES = {Reason.STEP_PARAMETER: "parameter", Reason.STEP_LOSS: "loss", Reason.STEP_GRADIENT: "gradient"}
_STEP_REASONS = {"parameter": Reason.STEP_PARAMETER, "loss": Reason.STEP_LOSS, "gradient": Reason.STEP_GRADIENT}


def _series(
    parts: tuple[str, ...], leaves: tuple[str, str], theirs: Arrays, expected: Expected, count: int
) -> Mismatch | None:
    """Return the first step that differs: there the parameter before it, then its loss, then its gradient."""
    first: Mismatch | None = None
    for part, reason in _STEP_REASONS.items():
        key, ours_key = (part if part == "loss" else f"{part} {leaf}" for leaf in leaves)
        if part not in parts or ours_key not in expected.arrays:
            continue
        ours, tolerance = expected.arrays[ours_key][:count], expected.allowed(ours_key)[:count]
        found = _first_wrong_row(reason, theirs.get(key, np.full_like(ours, math.nan))[:count], ours, tolerance)
        if found and (first is None or found.place[0] < first.place[0]):
            first = found
    return first


def _first_wrong_row(reason: Reason, actual: Floats, expected: Floats, tolerance: Floats) -> Mismatch | None:
    if actual[0].size != expected[0].size:
        shapes = {"shape": shown_shape(actual[0].shape), "expected_shape": shown_shape(expected[0].shape)}
        return Mismatch(Reason.SHAPE, _STEP_SUBJECTS[reason], (0,), fields={**shapes, "quantity": _QUANTITIES[reason]})
    rows = [series.reshape(len(series), -1) for series in (actual, expected, tolerance)]
    off = excess(*rows)
    wrong = np.flatnonzero(off.max(axis=1) > 1)
    if not wrong.size:
        return None
    step = int(wrong[0])
    element = int(off[step].argmax())
    if reason is Reason.STEP_PARAMETER and step == 0:
        reason = Reason.START_PARAMETER
    mine, ours, allowed_there = (float(series[step, element]) for series in rows)
    return Mismatch(reason, say("the run"), (step,), mine, ours, allowed_there)


def _updated(trace: Trace) -> Iterator[tuple[Backward, ...]]:
    """Yield the steps that an update follows, without and with the last one, whose update may have made a new leaf.

    Then the same of the steps of that leaf alone which was trained longest: before it, another may have been looked at.
    """
    ids = Counter(tuple(leaf.id for leaf in step.leaves) for step in trace.steps)
    longest = ids.most_common(1)[0][0]
    alone = tuple(step for step in trace.steps if tuple(leaf.id for leaf in step.leaves) == longest)
    for steps in (trace.steps, alone):
        followed = tuple(step for step, after in pairwise(steps) if _values_before(step) != _values_before(after))
        yield (*followed, steps[-1])
        yield followed


def _values_before(step: Backward) -> list[object]:
    return [leaf.before.tolist() for leaf in step.leaves]


def stores_mismatch(name: str, actual: Sight, expected: Expected) -> Mismatch | None:
    subject = say("{name} in the run", name=name)
    stores = actual.run.ran.stores if actual.run.ran else None
    if stores is None or not stores.size:
        return Mismatch(Reason.NO_STORES, subject, fields={"name": name})
    ours, tolerance = expected.arrays[name], expected.allowed(name)
    count = min(stores.size, ours.size)
    wrong = np.flatnonzero(excess(stores[:count], ours[:count], tolerance[:count]) > 1)
    if wrong.size:
        step = int(wrong[0])
        mine, wanted, allowed_there = (float(series[step]) for series in (stores, ours, tolerance))
        return Mismatch(Reason.STORE, subject, (step,), mine, wanted, allowed_there, {"name": name})
    if stores.size != ours.size:
        fields = {"name": name, "count": int(stores.size), "expected_count": int(ours.size)}
        return Mismatch(Reason.STORES, subject, (count,), fields=fields)
    return None
