"""General patterns of wrong numbers: what a call gave, as a transformation of what it should have given.

They need nothing from the author. Each holds only where it gives the submission's numbers on every probe.
Names are those of the course's list of misconceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.core.compare.comparison import Comparison, Pattern, comparisons
from grader.core.compare.tolerance import Expected, Observation, excess
from grader.core.course.checks.recording import asks
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.report.finding import Finding, finding
from grader.core.run.trace import Floats

# bfloat16 keeps 8 bits of a number, float16 11.
_COARSE: Mapping[str, float] = {"bfloat16": 2.0**-8, "float16": 2.0**-11}
_SCALES = (2.0, 0.5)


@dataclass(frozen=True)
class _Pair:
    """One probe's numbers: what came, what should have come, and how far off is allowed."""

    actual: Floats
    expected: Floats
    allowed: Floats
    dtype: str

    @property
    def right(self) -> bool:
        return self.actual.size == self.expected.size and (not self.expected.size or self.gives(self.expected))

    def gives(self, transformed: Floats, factor: float = 1.0) -> bool:
        """Whether a transformation of what should have come is what came."""
        if transformed.size != self.actual.size or not transformed.size:
            return False
        off = excess(self.actual.reshape(-1), transformed.reshape(-1), factor * self.allowed.reshape(-1))
        return bool(off.max() <= 1)


def patterns_of_calls(
    check: Check,
    observations: Sequence[Observation],
    expected: Sequence[tuple[Expected, ...]],
    numbers: Sequence[Mapping[str, Array]],
) -> tuple[Pattern, ...]:
    """Return the patterns that explain a call's value and gradients on all probes."""
    sizes = sorted({size for probe in numbers for array in probe.values() for size in array.shape if size > 2})
    common: list[Pattern] | None = None
    for place, item in enumerate(comparisons(check)):
        if not asks([item], "values", "gradient"):
            continue
        patterns = _patterns_of(item, observations, [each[place] for each in expected], sizes, numbers)
        if patterns and patterns[0].name in _ROOTS:
            # What the gradient of such a loss is follows from the loss, not from what the gradient should be.
            return tuple(patterns)
        if patterns is not None:
            common = patterns if common is None else [pattern for pattern in common if pattern in patterns]
    return tuple(common or ())


def _patterns_of(
    item: Comparison,
    observations: Sequence[Observation],
    expected: Sequence[Expected],
    sizes: Sequence[int],
    numbers: Sequence[Mapping[str, Array]],
) -> list[Pattern] | None:
    """Return the patterns of one comparison; None where nothing is wrong with it."""
    pairs: list[_Pair] = []
    cut = 0
    returned, gradient = asks([item], "values"), asks([item], "gradient")
    for observation, one in zip(observations, expected, strict=True):
        arrays = item.arrays(observation)
        values = observation.called.values if observation.called else ()
        dtype = values[0].dtype if values and returned else ""
        if gradient and one.arrays and not arrays:
            cut += 1
        elif set(arrays) != set(one.arrays):
            return []
        pairs += [_Pair(arrays[key], one.arrays[key], one.allowed(key), dtype) for key in one.arrays if key in arrays]
    if cut:
        return [_CUT] if cut == sum(bool(one.arrays) for one in expected) and _is_cut(observations) else []
    if all(pair.right for pair in pairs):
        return None
    alone = len(pairs) == len(numbers)
    return [*_matching(pairs, sizes), *(_factors(pairs, numbers) if alone else ()), *_roots(pairs)]


_CUT = Pattern(
    "graph-cut",
    finding("nothing-leads-back"),
)


def _is_cut(observations: Sequence[Observation]) -> bool:
    return all(
        called is not None
        and called.backward_raised is None
        and called.values
        and all(value.data is not None for value in called.values)
        for called in (observation.called for observation in observations)
    )


def _matching(pairs: Sequence[_Pair], sizes: Sequence[int]) -> Iterator[Pattern]:
    def all_give(transform: Callable[[Floats], Floats], factor: float = 1.0) -> bool:
        return all(pair.gives(transform(pair.expected), factor) for pair in pairs)

    if all_give(lambda array: -array):
        yield Pattern("sign-flipped", finding("all-signs-flipped"))
    for scale, words in [
        *((scale, None) for scale in _SCALES),
        *((float(n), n) for n in sizes),
        *((1 / n, n) for n in sizes),
    ]:
        if all_give(lambda array, scale=scale: scale * array, scale):  # type: ignore[misc]
            yield Pattern("scaled", scaled_hint(scale, words))
    if all(pair.expected.ndim == 2 for pair in pairs) and all_give(lambda array: array.T):
        yield Pattern("transposed", finding("rows-and-columns-exchanged"))
    if all(_summed(pair) for pair in pairs):
        yield Pattern("not-summed-over-batch", finding("not-summed"))
    if all(np.isnan(pair.actual).any() for pair in pairs):
        yield NOT_A_NUMBER
    elif all(_coarse(pair) for pair in pairs):
        yield LOW_PRECISION


NOT_A_NUMBER = Pattern("not-a-number", finding("nan-comes-out"))
LOW_PRECISION = Pattern(
    "low-precision",
    finding("first-digits-only"),
)


def scaled_hint(scale: float, count: int | None) -> Finding:
    """Say by which factor everything is off; `count` is the number of samples or entries that it comes from."""
    if count is None or count <= 2:
        return finding("off-by-factor", factor=scale)
    if scale > 1:
        return finding("sum-for-mean", count=count)
    return finding("mean-for-sum", count=count)


def _factors(pairs: Sequence[_Pair], numbers: Sequence[Mapping[str, Array]]) -> Iterator[Pattern]:
    """Find an input by which everything is too small: a factor of the chain that was left out."""
    for name in numbers[0]:
        inputs = [np.array(probe[name].numbers) for probe in numbers if name in probe and not probe[name].shape]
        if len(inputs) == len(pairs) and all(
            pair.actual.size == pair.expected.size == 1 and _close(pair.actual * value, pair)
            for pair, value in zip(pairs, inputs, strict=True)
        ):
            yield Pattern("chain-factor-missing", finding("factor-missing", name=name))


def _close(numbers: Floats, pair: _Pair) -> bool:
    off = excess(numbers.reshape(-1), pair.expected.reshape(-1), pair.allowed.reshape(-1))
    return bool((off <= 1).all())


def _roots(pairs: Sequence[_Pair]) -> Iterator[Pattern]:
    """Find the number itself where its square belongs."""
    if not all(pair.actual.shape == pair.expected.shape and _close(pair.actual**2, pair) for pair in pairs):
        return
    if all((pair.actual >= 0).all() for pair in pairs):
        yield LOSS_ABSOLUTE
    yield LOSS_NOT_SQUARED


LOSS_ABSOLUTE = Pattern("loss-absolute", finding("absolute-for-square"))
LOSS_NOT_SQUARED = Pattern("loss-not-squared", finding("difference-not-squared"))
_ROOTS = (LOSS_ABSOLUTE.name, LOSS_NOT_SQUARED.name)


def _summed(pair: _Pair) -> bool:
    size = pair.expected.size
    if not size or pair.actual.size <= size or pair.actual.size % size:
        return False
    total = pair.actual.reshape(-1, size).sum(axis=0)
    return bool(excess(total, pair.expected.reshape(-1), pair.allowed.reshape(-1)).max() <= 1)


def _coarse(pair: _Pair) -> bool:
    if pair.actual.size != pair.expected.size or not np.isfinite(pair.actual).all():
        return False
    if pair.right:
        return True
    actual, expected = pair.actual.reshape(-1), pair.expected.reshape(-1)
    if pair.dtype in _COARSE:
        return bool((np.abs(actual - expected) <= 8 * _COARSE[pair.dtype] * np.abs(expected).max()).all())
    return any(
        bool(np.abs(actual - np.round(expected, digits)).max() <= 1e-9 + 1e-7 * np.abs(expected).max())
        for digits in range(1, 6)
    )
