"""Finds programs whose training goes by numbers of its own, in place of those that it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np

from grader.core.compare.comparison import comparisons
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.checks.recording import follows_run
from grader.core.course.exercise import Check
from grader.core.program.features.code_features import names_not_read
from grader.core.program.source import Source
from grader.core.run.trace import Floats

_FEWEST = 2


def names_passed_over(
    check: Check,
    source: Source,
    observations: Sequence[Observation],
    expected: Sequence[tuple[Expected, ...]],
) -> tuple[str, ...]:
    """Return the given names that the training does not read in a run that differs; none where it reads them all.

    Of such a program nothing else is said: how far its numbers are off tells of its data, not of its loss or epochs.
    """
    given = tuple(name for name, each in check.given.items() if not each.parameter)
    # What is called afterwards says nothing of the training.
    if not check.script or check.calls or not given:
        return ()
    # Where the solution does the same at both, there is nothing to tell them by.
    pairs = [(i, j) for i, j in permutations(range(len(observations)), 2) if not _alike(expected[i], expected[j])]
    if any(
        _agrees(check, observations[i], expected[j]) or _trains_the_same(check, observations[i], observations[j])
        for i, j in pairs
    ):
        return names_not_read(source, given) or given
    if all(_trained(check, observation) for observation in observations):
        wanted = tuple(name for name in given if not check.given[name].optional)
        return names_not_read(source, wanted)
    return ()


def _agrees(check: Check, seen: Observation, expected: tuple[Expected, ...]) -> bool:
    """Whether a run is right for the numbers of another probe than its own."""
    return all(
        item.mismatch(check, seen, wanted) is None for item, wanted in zip(comparisons(check), expected, strict=True)
    )


def _alike(one: Sequence[Expected], other: Sequence[Expected]) -> bool:
    return all(_equal(first.arrays, second.arrays) for first, second in zip(one, other, strict=True))


def _trains_the_same(check: Check, one: Observation, other: Observation) -> bool:
    """Whether a training is the same whatever is given; one that ends in NaN may be so for other reasons."""
    followed = [item for item in comparisons(check) if follows_run(item)]
    if not followed or not (_trained(check, one) and _trained(check, other)):
        return False
    return all(_equal(item.arrays(one), item.arrays(other)) for item in followed)


def _trained(check: Check, seen: Observation) -> bool:
    """Whether a run left more than one step of a training."""
    arrays = [array for item in comparisons(check) if follows_run(item) for array in item.arrays(seen).values()]
    return any(len(array) >= _FEWEST for array in arrays)


def _equal(one: Mapping[str, Floats], other: Mapping[str, Floats]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)
