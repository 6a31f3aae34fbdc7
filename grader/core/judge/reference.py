"""Makes the reference of a check from what its solution was seen to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.core.compare.comparison import Comparison, comparisons
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.exercise import Check
from grader.core.findings.telling import told
from grader.core.judge.explain import raised_finding, stop_finding
from grader.core.judge.observed import observations_of, unusable
from grader.core.program.source import Source
from grader.core.run.observation import Run
from grader.core.run.plan import probe_numbers
from grader.core.words.message import Message, say


class ReferenceFault(Exception):
    """The solution itself cannot serve as reference: a fault of the course, told to its author."""

    def __init__(self, check: str, message: Message) -> None:
        super().__init__(check)
        self.check = check
        self.message = message


@dataclass(frozen=True)
class Reference:
    """The solution's observations of one check: per probe, per comparison."""

    expected: tuple[tuple[Expected, ...], ...]


def reference_of(check: Check, source: Source, seed: bytes, exact: Sequence[Run], single: Sequence[Run]) -> Reference:
    """Return the reference from the solution's float64 and float32 runs.

    Noise is the largest difference between the two, over whole tensors or series and all probes.

    Raises:
        ReferenceFault: where a run did not complete, raised, or gave nothing to compare with.
    """
    numbers = probe_numbers(check, seed)
    for run in (*exact, *single):
        _require_complete(check, source, run)
    observations = observations_of(check, exact, len(numbers), 1)[0]
    rounded = observations_of(check, single, len(numbers), 1)[0]
    for observation in (*observations, *rounded):
        found = unusable(check, source, observation)
        if found:
            raise ReferenceFault(check.name, told(found[1][0]))
    compared = comparisons(check)
    for item in compared:
        if not item.may_be_missing and not all(_numbers_in(item, observation) for observation in observations):
            raise ReferenceFault(check.name, say("the solution gives no value to compare with"))
    noises = [_noise(check, item, observations, rounded) for item in compared]
    return Reference(
        tuple(
            tuple(
                Expected(observation, item.arrays(observation), noise)
                for item, noise in zip(compared, noises, strict=True)
            )
            for observation in observations
        )
    )


def _require_complete(check: Check, source: Source, run: Run) -> None:
    if run.stop is not None:
        raise ReferenceFault(check.name, told(stop_finding(run, check.limits)))
    if run.loaded and run.loaded.skipped:
        raise ReferenceFault(check.name, told(raised_finding(run.loaded.skipped[0], source)))


def _numbers_in(item: Comparison, observation: Observation) -> int:
    return sum(array.size for array in item.arrays(observation).values())


def _noise(
    check: Check, item: Comparison, exact: Sequence[Observation], single: Sequence[Observation]
) -> dict[str, float]:
    noise: dict[str, float] = {}
    for observation, rounded in zip(exact, single, strict=True):
        ours, theirs = item.arrays(observation), item.arrays(rounded)
        for key, array in ours.items():
            other = theirs.get(key)
            if other is None or other.shape != array.shape:
                raise ReferenceFault(
                    check.name, say("the solution behaves differently in float32 and float64; it must not fix a dtype")
                )
            both = np.isfinite(array) & np.isfinite(other)
            finite = np.abs(array[both] - other[both])
            noise[key] = max(noise.get(key, 0.0), float(finite.max()) if finite.size else 0.0)
    return noise
