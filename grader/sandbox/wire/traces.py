"""Reads what was recorded of a training, backward call by backward call."""

from __future__ import annotations

import numpy as np

from grader.core.run import trace as traced
from grader.core.run.trace import Floats
from grader.sandbox.wire.frames import MOST_STEPS, Blocks, LeafPart, StretchPart, TracePart, WireViolation


def trace_of(trace: TracePart, arrays: Blocks) -> traced.Trace:
    """Return a training, backward call by backward call.

    Raises:
        WireViolation: where it is not what an honest child sends.
    """
    if sum(stretch.count for stretch in trace.stretches) > MOST_STEPS:
        raise WireViolation("more steps than are recorded")
    steps = tuple(step for stretch in trace.stretches for step in _steps(stretch, arrays))
    last = tuple(leaf for leaf in (take(ref, arrays) for ref in trace.last) if leaf is not None)
    return traced.Trace(steps, trace.count, last)


def _steps(stretch: StretchPart, arrays: Blocks) -> list[traced.Backward]:
    columns = [_leaves(leaf, stretch.count, arrays) for leaf in stretch.leaves]
    roots = arrays.take_rows(stretch.root, stretch.count) if stretch.root else [np.zeros(0)] * stretch.count
    known = zip(*filter(None, columns), strict=True) if any(columns) else [()] * stretch.count
    return [traced.Backward(root, leaves) for root, leaves in zip(roots, known, strict=True)]


def _leaves(leaf: LeafPart, count: int, arrays: Blocks) -> list[traced.Leaf]:
    """Return one leaf of each step; nothing where its values are not known."""
    if len(leaf.ids) != count:
        raise WireViolation("other leaves than steps")
    nothing: list[Floats | None] = [None] * count
    before = arrays.take_rows(leaf.before, count) if leaf.before else []
    fresh = arrays.take_rows(leaf.fresh, count) if leaf.fresh else nothing
    after = arrays.take_rows(leaf.after, count) if leaf.after else nothing
    # Without values there is nothing to hold to anything.
    return [traced.Leaf(*of_step) for of_step in zip(before, fresh, after, leaf.ids, strict=True)] if before else []


def take(ref: str | None, arrays: Blocks) -> Floats | None:
    return None if ref is None else arrays.take(ref)
