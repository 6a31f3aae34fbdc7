"""General patterns of wrong trainings: which law the submission's own record follows in place of the reference's.

A training that went wrong has left the reference's path, so only its first departure can be held to the reference;
after it the record is held to itself: how `.grad` follows from fresh gradients, and the next parameter from `.grad`.
Each pattern holds only where it does so at every step of every probe.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.core.compare.comparison import Pattern
from grader.core.compare.steps import paired_leaves
from grader.core.compare.tolerance import Expected, Observation, excess
from grader.core.course.checks.recording import names_of
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.diagnose.store_patterns import close, patterns_of_stores
from grader.core.diagnose.value_patterns import (
    LOSS_ABSOLUTE,
    LOSS_NOT_SQUARED,
    LOW_PRECISION,
    NOT_A_NUMBER,
    scaled_hint,
)
from grader.core.report.finding import Finding, finding
from grader.core.run.trace import Floats, Trace


@dataclass(frozen=True)
class _Record:
    """One leaf's training; a row a step.

    Attributes:
        changes: of the parameter, one row less.
    """

    loss: Floats
    fresh: Floats
    after: Floats
    parameter: Floats

    @property
    def changes(self) -> Floats:
        with np.errstate(invalid="ignore"):
            return np.diff(self.parameter, axis=0)


_FIELDS = {"loss": "loss", "gradient": "fresh", "parameter": "parameter"}


@dataclass(frozen=True)
class _Pair:
    mine: _Record
    ours: _Record
    expected: Expected
    leaf: str
    size: int

    def departs(self) -> int | None:
        """Return the first step whose loss or gradient is off while its parameter is right; None where none is."""
        for step in range(min(len(self.mine.loss), len(self.ours.loss))):
            if not self._right("parameter", step):
                return None
            if not (self._right("loss", step) and self._right("gradient", step)):
                return step
        return None

    def _right(self, part: str, step: int) -> bool:
        return self.gives(part, step, getattr(self.ours, _FIELDS[part])[step])

    def gives(self, part: str, step: int, transformed: Floats, factor: float = 1.0) -> bool:
        """Whether a part of a step is a transformation of what it should be."""
        actual = getattr(self.mine, _FIELDS[part])[step]
        key = part if part == "loss" else f"{part} {self.leaf}"
        if key not in self.expected.arrays or actual.shape != transformed.shape:
            return key not in self.expected.arrays
        return bool(excess(actual, transformed, factor * self.expected.allowed(key)[step]).max() <= 1)


def patterns_of_training(
    check: Check,
    observations: Sequence[Observation],
    expected: Sequence[tuple[Expected, ...]],
    numbers: Sequence[Mapping[str, Array]],
) -> tuple[Pattern, ...]:
    """Return the patterns that explain a record of backward calls, or of a variable's values, on all probes."""
    for place, item in enumerate(check.compare):
        wanted = [each[place] for each in expected]
        parts, stores = names_of([item], "trace"), names_of([item], "stores")
        if parts:
            pairs = [_pair(parts, *each) for each in zip(observations, wanted, numbers, strict=True)]
            known = [pair for pair in pairs if pair is not None]
            return tuple(_patterns(known)) if known and len(known) == len(pairs) else ()
        if stores:
            return patterns_of_stores(stores[0], observations, wanted)
    return ()


def _pair(
    parts: tuple[str, ...], observation: Observation, expected: Expected, numbers: Mapping[str, Array]
) -> _Pair | None:
    mine = observation.run.ran.trace if observation.run.ran else None
    ours = expected.observation.run.ran.trace if expected.observation.run.ran else None
    if mine is None or ours is None or not mine.steps or not ours.steps:
        return None
    leaves = paired_leaves(parts, mine, expected)
    if leaves is None:
        return None
    records = _record(mine, int(leaves[0])), _record(ours, int(leaves[1]))
    if records[0] is None or records[1] is None or records[0].fresh.shape[1] != records[1].fresh.shape[1]:
        return None
    size = max((size for array in numbers.values() for size in array.shape), default=1)
    return _Pair(records[0], records[1], expected, leaves[1], size)


def _record(trace: Trace, leaf: int) -> _Record | None:
    """Return one leaf's record; None where it is not whole."""
    leaves = [step.leaves[leaf] for step in trace.steps]
    parts: dict[str, list[Floats | None]] = {
        "loss": [step.root for step in trace.steps],
        "fresh": [each.fresh for each in leaves],
        "after": [each.fresh if each.after is None else each.after for each in leaves],
        "parameter": [each.before for each in leaves],
    }
    rows = {}
    for name, arrays in parts.items():
        if any(array is None for array in arrays) or len({array.size for array in arrays if array is not None}) != 1:
            return None
        rows[name] = np.stack([array.reshape(-1) for array in arrays if array is not None])
    if not rows["parameter"].shape == rows["fresh"].shape == rows["after"].shape or not rows["fresh"].size:
        return None
    return _Record(**rows)


def _patterns(pairs: Sequence[_Pair]) -> Iterator[Pattern]:
    patterns = [_accumulates(pair.mine) for pair in pairs]
    if all(patterns) and not any(_accumulates(pair.ours) for pair in pairs):
        yield Pattern("accumulated", _accumulated_hint(patterns))
    yield from _updates(pairs)
    yield from _departures(pairs)
    if all(_behind(pair) for pair in pairs):
        yield Pattern("stale-parameter", finding("one-step-late"))
    if all(np.isnan(pair.mine.loss).any() or np.isnan(pair.mine.fresh).any() for pair in pairs):
        yield NOT_A_NUMBER
    elif all(_coarse(pair) for pair in pairs):
        yield LOW_PRECISION


def _accumulates(record: _Record) -> tuple[int, ...]:
    """Return at which steps `.grad` begins anew, where it adds up in between; () where it never adds up."""
    if len(record.fresh) < 2:
        return ()
    begins, total, added = [], np.zeros_like(record.fresh[0]), False
    for step, (fresh, after) in enumerate(zip(record.fresh, record.after, strict=True)):
        if close(after, fresh):
            begins.append(step)
            total = fresh
            continue
        total = total + fresh
        if not close(after, total):
            return ()
        added = True
    return tuple(begins) if added else ()


def _accumulated_hint(patterns: Sequence[tuple[int, ...]]) -> Finding:
    if all(pattern == (0,) for pattern in patterns):
        return finding("never-zeroed")
    return finding("not-zeroed-each-step")


def _rate(changes: Floats, drivers: Floats) -> float | None:
    """Return the one number that every change is of its driver; None where there is no such number."""
    if drivers.shape[1] not in (1, changes.shape[1]):
        return None
    drivers = np.broadcast_to(drivers, changes.shape)
    weight = float((drivers * drivers).sum())
    if not changes.size or not np.isfinite(weight) or not weight or not np.isfinite(changes).all():
        return None
    rate = float((changes * drivers).sum()) / weight
    return rate if close(changes, rate * drivers) else None


def _updates(pairs: Sequence[_Pair]) -> Iterator[Pattern]:
    """Compare how a step's gradient becomes the change of the parameter."""
    ours = [_rate(pair.ours.changes, pair.ours.after[:-1]) for pair in pairs]
    if not all(ours):
        return
    mine = [_rate(pair.mine.changes, pair.mine.after[:-1]) for pair in pairs]
    factors = [a / b for a, b in zip(mine, ours, strict=True) if a is not None and b is not None]
    if len(factors) == len(pairs) and max(factors) - min(factors) <= 1e-3 * abs(factors[0]):
        factor = factors[0]
        if abs(factor + 1) <= 1e-3:
            yield Pattern("update-sign", finding("update-up-the-slope"))
        elif factor and abs(factor - 1) > 1e-3:
            hint = finding("update-scaled", factor=round(factor, 3))
            yield Pattern("scaled", hint)
        return
    losses = [_rate(pair.mine.changes, pair.mine.loss[:-1]) for pair in pairs]
    if all(a is not None and b is not None and abs(a - b) <= 1e-3 * abs(b) for a, b in zip(losses, ours, strict=True)):
        yield Pattern("updated-with-loss", finding("loss-subtracted"))


def _departures(pairs: Sequence[_Pair]) -> Iterator[Pattern]:
    """Hold the first step that differs to transformations of what it should be."""
    steps = [pair.departs() for pair in pairs]
    found = [(pair, step) for pair, step in zip(pairs, steps, strict=True) if step is not None]
    if not found or len(found) < len(pairs):
        return

    def both(factor: float) -> bool:
        """Whether the gradient is off by the factor, and the loss by the same or not at all."""
        return all(
            pair.gives("gradient", step, factor * pair.ours.fresh[step], abs(factor))
            and any(pair.gives("loss", step, f * pair.ours.loss[step], abs(f)) for f in (1.0, factor))
            for pair, step in found
        )

    if both(-1.0):
        yield Pattern("sign-flipped", finding("gradient-sign-flipped"))
    size = min(pair.size for pair in pairs)
    for factor, count in ((2.0, None), (0.5, None), (float(size), size), (1.0 / size, size)):
        if both(factor) and (count is None or count > 2):
            yield Pattern("scaled", scaled_hint(factor, count))
    roots = [(pair.mine.loss[step], np.sqrt(np.abs(pair.ours.loss[step]))) for pair, step in found]
    if all(close(np.abs(mine), root) for mine, root in roots):
        if all((mine >= 0).all() for mine, _ in roots):
            yield LOSS_ABSOLUTE
        yield LOSS_NOT_SQUARED


def _behind(pair: _Pair) -> bool:
    mine, ours = pair.mine.parameter, pair.ours.parameter
    return (
        len(mine) > 3
        and len(mine) <= len(ours) + 1
        and close(mine[1:], ours[: len(mine) - 1])
        and not close(mine, ours[: len(mine)])
    )


def _coarse(pair: _Pair) -> bool:
    """Whether the parameter lies on a coarse grid throughout, where the right one does not, and is near that one."""
    mine, ours = pair.mine.parameter, pair.ours.parameter
    if mine.shape != ours.shape or not np.isfinite(mine).all() or np.abs(mine - ours).max() > 0.05 * np.abs(ours).max():
        return False
    fits = (
        _lie_on(coarse, mine) and not _lie_on(other, ours)
        for coarse, other in zip(_coarsened(mine), _coarsened(ours), strict=True)
    )
    return any(fits) and len(np.unique(mine)) > 1


def _coarsened(numbers: Floats) -> list[Floats]:
    brain = (numbers.astype(np.float32).view(np.uint32) & 0xFFFF0000).view(np.float32)
    half = numbers.astype(np.float16)
    return [half.astype(np.float64), brain.astype(np.float64), *(np.round(numbers, digits) for digits in range(1, 6))]


def _lie_on(grid: Floats, numbers: Floats) -> bool:
    return bool(np.abs(numbers - grid).max() <= 1e-7 * np.abs(numbers).max())
