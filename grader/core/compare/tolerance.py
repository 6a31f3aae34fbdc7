"""When two numbers are the same: what is allowed between an observation and the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.core.run.observation import Called, Run
from grader.core.run.trace import Floats

# torch.testing's defaults for float32. They hold for every dtype: a student may compute in float32 and hand the
# result on as float64, and a coarser dtype must not buy a coarser judgement.
RTOL = 1.3e-6
ATOL = 1e-5
_NOISE_FACTOR = 16

Arrays = Mapping[str, Floats]


@dataclass(frozen=True)
class Observation:
    """What was seen of one probe: the run it belongs to, and the call where there is one."""

    run: Run
    called: Called | None = None


@dataclass(frozen=True)
class Expected:
    """The reference of one probe and one comparison: its float64 numbers, and the noise measured over all probes."""

    observation: Observation
    arrays: Arrays
    noise: Mapping[str, float]
    _allowed: dict[str, Floats] = field(default_factory=dict, init=False, repr=False, compare=False)

    def allowed(self, key: str) -> Floats:
        """Return the accepted distance for each element of an array; a whole class is held to the same."""
        if key not in self._allowed:
            self._allowed[key] = allowed(self.arrays[key], self.noise.get(key, 0.0))
        return self._allowed[key]


def allowed(expected: Floats, noise: float) -> Floats:
    """Return the accepted distance for each element.

    max(rtol·|expected| + atol·max|expected|, 16 · noise), as torch.testing.assert_close forms it, but with the
    absolute part in proportion to the largest element, and never below what the reference's own rounding does.
    """
    size = np.abs(expected[np.isfinite(expected)])
    largest = float(size.max()) if size.size else 0.0
    return np.asarray(np.maximum(RTOL * np.abs(expected) + ATOL * largest, _NOISE_FACTOR * noise))


def agree(actual: Floats, expected: Floats, tolerance: Floats) -> bool:
    """Whether every element is finite and no farther off than is allowed: what `excess` finds, without how far."""
    with np.errstate(invalid="ignore", over="ignore"):
        return bool((np.abs(actual - expected) <= tolerance).all() and np.isfinite(tolerance).all())


def excess(actual: Floats, expected: Floats, tolerance: Floats) -> Floats:
    """Return how far each element is off, in units of what is allowed: above 1 is wrong.

    NaN is close to nothing, not even to NaN; an infinity only to itself.
    """
    with np.errstate(all="ignore"):
        distance = np.abs(actual - expected)
        ratio = np.where(distance <= tolerance, np.minimum(distance / tolerance, 1.0), distance / tolerance)
    ratio = np.where(distance == 0, 0.0, ratio)
    usable = np.isfinite(actual) & np.isfinite(expected)
    same_infinity = np.isinf(actual) & (actual == expected)
    return np.asarray(np.where(usable, ratio, np.where(same_infinity, 0.0, np.inf)))
