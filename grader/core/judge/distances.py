"""How far arrays are apart, and how large they are: over all probes, by element, or step by step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.core.run.trace import Floats


def apart(one: Floats, other: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(one) & np.isfinite(other), np.abs(one - other), 0.0)


def largest(array: Floats) -> float:
    return float(np.abs(array[np.isfinite(array)]).max(initial=0.0))


def pooled(offs: Sequence[Floats]) -> Floats:
    return np.array([max(float(off.max(initial=0.0)) for off in offs)])


def by_element(offs: Sequence[Floats]) -> Floats:
    return np.asarray(np.max(offs, axis=0))


def by_step(offs: Sequence[Floats]) -> Floats:
    """Return the largest so far at each step, over all probes; they may have more or fewer steps."""
    longest = max(map(len, offs))
    rows = [np.pad(off.reshape(len(off), -1).max(axis=1, initial=0.0), (0, longest - len(off))) for off in offs]
    return np.asarray(np.maximum.accumulate(np.max(rows, axis=0)))


def rms(arrays: Sequence[Floats]) -> Floats:
    longest = max(map(len, arrays))
    squares, counts = np.zeros(longest), np.zeros(longest)
    for array in arrays:
        rows = np.where(np.isfinite(array), array, 0.0).reshape(len(array), -1)
        squares[: len(rows)] += (rows**2).sum(axis=1)
        counts[: len(rows)] += rows.shape[1]
    return np.asarray(np.sqrt(np.cumsum(squares) / np.maximum(np.cumsum(counts), 1)))
