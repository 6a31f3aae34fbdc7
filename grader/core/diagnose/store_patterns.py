"""Names of wrong trainings in plain Python: what a variable's first change says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.core.compare.comparison import Pattern
from grader.core.compare.tolerance import Expected, Observation
from grader.core.report.finding import finding
from grader.core.run.trace import Floats

# A record in float32 is held to itself: a few roundings at most lie between its numbers.
_SLACK = 1e-4


def close(actual: Floats, expected: Floats) -> bool:
    """Whether two arrays are the same but for a few roundings of float32."""
    if actual.shape != expected.shape or not actual.size or not np.isfinite([actual, expected]).all():
        return False
    return bool((np.abs(actual - expected) <= _SLACK * np.abs(expected) + _SLACK * np.abs(expected).max()).all())


@dataclass(frozen=True)
class _Stores:
    mine: Floats
    ours: Floats


def patterns_of_stores(
    name: str, observations: Sequence[Observation], expected: Sequence[Expected]
) -> tuple[Pattern, ...]:
    """Return the patterns that explain the values of a variable on all probes."""
    series = [_stores(name, *each) for each in zip(observations, expected, strict=True)]
    found = [pair for pair in series if pair is not None]
    return tuple(_patterns(found)) if found and len(found) == len(series) else ()


def _stores(name: str, observation: Observation, expected: Expected) -> _Stores | None:
    mine = observation.run.ran.stores if observation.run.ran else None
    ours = expected.arrays.get(name)
    # A training of another length has more to it than the length of its steps.
    return None if mine is None or ours is None or ours.size < 2 or mine.size != ours.size else _Stores(mine, ours)


def _patterns(pairs: Sequence[_Stores]) -> Iterator[Pattern]:
    """Hold the first change of a variable to the right one: there both still start at the same value."""
    if not all(close(pair.mine[:1], pair.ours[:1]) and pair.ours[1] != pair.ours[0] for pair in pairs):
        return
    factors = np.array([(pair.mine[1] - pair.mine[0]) / (pair.ours[1] - pair.ours[0]) for pair in pairs])
    if not np.isfinite(factors).all() or np.ptp(factors) > 1e-3 * abs(factors[0]):
        return
    factor = float(factors[0])
    if abs(factor + 1) <= 1e-3:
        yield Pattern("update-sign", finding("update-up-the-slope"))
        yield Pattern("sign-flipped", finding("or-gradient-sign-flipped"))
    elif factor and abs(factor - 1) > 1e-3:
        yield Pattern("scaled", finding("update-scaled", factor=round(factor, 3)))
