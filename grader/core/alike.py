"""Whether a submission behaves like one of the author's wrong programs: on every probe, in everything compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from grader.core.closeness import ATOL, RTOL, Expected
from grader.core.compare import arrays_of, mismatch
from grader.core.exercise import Check, CompareOutput
from grader.core.look import Look, of_training
from grader.core.message import say
from grader.core.misconception import Seen
from grader.core.observation import Floats

# What rounding makes of a number in a wrong program may be a few times what it made of it where that was measured.
_NOISE_FACTOR = 16
# A training that runs away is compared until its own two precisions no longer tell the same.
_RUN_AWAY = 0.01


def alike(check: Check, mine: Sequence[Look], its: Sequence[Seen]) -> bool:
    """Return whether every probe of a submission went as that of the wrong program.

    Where both raise, the class, the message but for its numbers, the part that the line plays and the training before
    it must agree. Having trained nothing is no likeness by itself.
    """
    return all(_alike(check, *pair) for pair in zip(mine, its, strict=True)) and any(
        _tells(check, seen) for seen in its
    )


def _alike(check: Check, mine: Look, its: Seen) -> bool:
    if mine.failure != its.single.failure or mine.facts != its.single.facts:
        return False
    if its.exact.failure != its.single.failure or len(mine.arrays) != len(its.exact.arrays):
        return False
    compared = 0
    for arrays in zip(mine.arrays, its.exact.arrays, its.noise, strict=True):
        rows = _same_rows(*arrays)
        if rows is None:
            return False
        compared += rows
    # Numbers that mean nothing are no likeness; where there are none at all, what is said of them has to do.
    if not compared and any(its.exact.arrays):
        return False
    return mine.failure is not None or _prints_alike(check, mine, its)


def _same_rows(mine: Mapping[str, Floats], its: Mapping[str, Floats], noise: Mapping[str, Floats]) -> int | None:
    """Return how many rows could be compared and are the same; None where something is not the same."""
    if mine.keys() != its.keys():
        return None
    rows = [_close_rows(mine[key], array, noise[key]) for key, array in its.items()]
    return None if None in rows else sum(row for row in rows if row is not None)


def _close_rows(mine: Floats, its: Floats, noise: Floats) -> int | None:
    """Compare row by row, as far as the wrong program's numbers mean anything; None where they differ."""
    if mine.size != its.size:
        return None
    if not mine.size:
        return 0
    rows = len(its) if its.ndim else 1
    ours, theirs, off = (array.reshape(rows, -1) for array in (its, mine, noise))
    with np.errstate(all="ignore"):
        size = np.maximum.accumulate(np.abs(ours).max(axis=1))[:, None]
        lost = ~(off <= _RUN_AWAY * size).all(axis=1)
        kept = int(np.argmax(lost)) if lost.any() else rows
        right = np.abs(theirs - ours) <= RTOL * np.abs(ours) + ATOL * size + _NOISE_FACTOR * off
    return kept if right[:kept].all() else None


def _prints_alike(check: Check, mine: Look, its: Seen) -> bool:
    """Whether the wrong program's printed numbers are in the submission's output, in their order."""
    for item in check.compare:
        if isinstance(item, CompareOutput):
            arrays = arrays_of(item, its.exact.sight)
            if not arrays["output"].size:
                return not arrays_of(item, mine.sight)["output"].size
            off = np.abs(arrays["output"] - arrays_of(item, its.single.sight).get("output", np.inf)) if arrays else 0.0
            expected = Expected(its.exact.sight, arrays, {"output": float(np.max(off))})
            if mismatch(item, check, say("the run"), mine.sight, expected) is not None:
                return False
    return True


def _tells(check: Check, seen: Seen) -> bool:
    """Whether there is anything to be alike in."""
    if seen.single.failure is not None:
        return seen.single.failure[0] == "raised"
    return all(arrays for item, arrays in zip(check.compare, seen.exact.arrays, strict=True) if of_training(item))
