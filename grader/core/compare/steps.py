"""How the backward calls of a training are held to the reference's."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from grader.core.compare.tolerance import Arrays, Expected, Mismatch, excess, shown_shape
from grader.core.run.trace import Floats, Trace


def steps_mismatch(parts: tuple[str, ...], trace: Trace, expected: Expected) -> Mismatch | None:
    """Compare the steps with the reference's; any leaf may be the parameter, if it is the same one throughout."""
    theirs, steps, count = trace.series, trace.steps, trace.count
    expected_count = len(next(iter(expected.arrays.values()), ()))
    compared = min(len(steps), expected_count, expected.upto or expected_count)
    for wanted in _leaves(expected.arrays):
        results = [_series(parts, (leaf, wanted), theirs, expected, compared) for leaf in _leaves(theirs)]
        if not results:
            return Mismatch("no-parameter")
        found = max(results, key=_how_far)
        if found is not None:
            return replace(found, fields={**found.fields, "steps": expected_count})
    if count != expected_count:
        fields = {"count": count, "expected_count": expected_count}
        return Mismatch("steps-right-so-far", (compared,), fields=fields)
    return None


def paired_leaves(parts: tuple[str, ...], trace: Trace, expected: Expected) -> tuple[str, str] | None:
    """Return the submission's leaf that agrees longest with the reference's first one that it does not agree with.

    Both by their number in the series; the first pair where all agree, None where no leaf lasts through the training.
    """
    theirs = trace.series
    count = len(next(iter(expected.arrays.values()), ()))
    compared = min(len(trace.steps), count, expected.upto or count)
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
    parts = ("shape", "start-parameter", "step-parameter", "step-loss", "step-gradient")
    return (math.inf, 0) if found is None else (found.place[0], parts.index(found.reason))


def _leaves(series: Arrays) -> list[str]:
    return [key.partition(" ")[2] for key in series if key.startswith("parameter ")]


_QUANTITIES = {"step-parameter": "parameter", "step-loss": "loss", "step-gradient": "gradient"}
_STEP_REASONS = {quantity: reason for reason, quantity in _QUANTITIES.items()}


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


def _first_wrong_row(reason: str, actual: Floats, expected: Floats, tolerance: Floats) -> Mismatch | None:
    quantity = _QUANTITIES[reason]
    if actual[0].size != expected[0].size:
        shapes = {"shape": shown_shape(actual[0].shape), "expected_shape": shown_shape(expected[0].shape)}
        return Mismatch("shape", (0,), fields={**shapes, "quantity": quantity})
    rows = [series.reshape(len(series), -1) for series in (actual, expected, tolerance)]
    off = excess(*rows)
    wrong = np.flatnonzero(off.max(axis=1) > 1)
    if not wrong.size:
        return None
    step = int(wrong[0])
    element = int(off[step].argmax())
    if reason == "step-parameter" and step == 0:
        reason = "start-parameter"
    mine, ours, allowed_there = (float(series[step, element]) for series in rows)
    return Mismatch(reason, (step,), mine, ours, allowed_there, {"quantity": quantity})
