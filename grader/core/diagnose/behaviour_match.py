"""Whether a submission behaves like one of the author's wrong programs: on every probe, in everything compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from grader.core.compare.comparison import comparisons
from grader.core.compare.tolerance import ATOL, RTOL, Expected
from grader.core.course.checks.recording import asks, follows_run, reads_names
from grader.core.course.exercise import Check
from grader.core.diagnose.behaviour import Behaviour
from grader.core.diagnose.wrong_programs import Seen
from grader.core.run.trace import Floats

# What rounding makes of a number in a wrong program may be a few times what it made of it where that was measured.
_NOISE_FACTOR = 16
# A training that runs away is compared until its own two precisions no longer tell the same.
_RUN_AWAY = 0.01


def matches(
    check: Check, mine: Sequence[Behaviour], its: Sequence[Seen], expected: Sequence[tuple[Expected, ...]]
) -> bool:
    """Return whether every probe of a submission went as that of the wrong program.

    Where both raise, the class, the message but for its numbers, the part that the line plays and the training before
    it must agree. Having trained nothing is no likeness by itself.
    """
    probes = zip(mine, its, expected, strict=True)
    return all(_matches(check, *probe) for probe in probes) and any(_tells(check, seen) for seen in its)


def by_numbers(check: Check, its: Sequence[Seen]) -> bool:
    """Whether a wrong program can be told by more than that it gave nothing."""
    printed = asks(check.compare, "output")
    return asks(check.compare, "seeds") or any(
        seen.single.failure is not None or any(seen.exact.arrays) or (printed and seen.single.observation.run.stdout)
        for seen in its
    )


def _matches(check: Check, mine: Behaviour, its: Seen, expected: tuple[Expected, ...]) -> bool:
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
    observations = mine.observation, its.exact.observation, its.single.observation
    return all(
        item.resembles(check, *observations, wanted) for item, wanted in zip(comparisons(check), expected, strict=True)
    )


def _same_rows(mine: Mapping[str, Floats], its: Mapping[str, Floats], noise: Mapping[str, Floats]) -> int | None:
    """Return how many rows could be compared and are the same; None where something is not the same."""
    if mine.keys() != its.keys():
        return None
    rows = [_close_rows(mine[key], array, noise[key]) for key, array in its.items()]
    return None if None in rows else sum(row for row in rows if row is not None)


def _close_rows(mine: Floats, its: Floats, noise: Floats) -> int | None:
    """Compare row by row, as far as the wrong program's numbers mean anything; None where they differ."""
    if mine.size != its.size or _long_axes(mine) != _long_axes(its):
        return None
    if not mine.size:
        return 0
    rows = len(its) if its.ndim else 1
    ours, theirs, off = (array.reshape(rows, -1) for array in (its, mine, noise))
    with np.errstate(all="ignore"):
        size = np.maximum.accumulate(np.abs(ours).max(axis=1))[:, None]
        lost = ~(np.isfinite(ours) & (off <= _RUN_AWAY * size)).all(axis=1)
        kept = int(np.argmax(lost)) if lost.any() else rows
        right = np.abs(theirs - ours) <= RTOL * np.abs(ours) + ATOL * size + _NOISE_FACTOR * off
    return kept if right[:kept].all() else None


def _long_axes(numbers: Floats) -> tuple[int, ...]:
    """Return the shape without axes of length 1: the same numbers in another shape are another result."""
    return tuple(length for length in numbers.shape if length != 1)


def _tells(check: Check, seen: Seen) -> bool:
    """Whether there is anything in which another program could match."""
    if seen.single.failure is not None:
        return seen.single.failure[0] in ("raised", "module")
    named = reads_names(check.compare[0])
    return all(
        arrays for item, arrays in zip(check.compare, seen.exact.arrays, strict=True) if named or follows_run(item)
    )
