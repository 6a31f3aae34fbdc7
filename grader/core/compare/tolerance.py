"""When two numbers are the same: what is allowed between an observation and the reference, and how they differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.core.course.checks.given import Shape
from grader.core.course.exercise import Check
from grader.core.run.observation import Called, Raised, Run, Value
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

# torch.testing's defaults for float32. They hold for every dtype: a student may compute in float32 and hand the
# result on as float64, and a coarser dtype must not buy a coarser judgement.
RTOL = 1.3e-6
ATOL = 1e-5
NOISE_FACTOR = 16

Arrays = Mapping[str, Floats]


@dataclass(frozen=True)
class Observation:
    """What was seen of one probe: the run it belongs to, and the call where there is one."""

    run: Run
    called: Called | None = None

    @property
    def raised(self) -> Raised | None:
        """What the submission raised there, or while it was loaded, where the probe found nothing for it."""
        ran, called = self.run.ran, self.called
        if ran is not None and ran.raised is not None:
            return ran.raised
        if self.run.trained is not None and self.run.trained.raised is not None:
            return self.run.trained.raised
        if called is not None and (called.raised or called.backward_raised):
            return called.raised or called.backward_raised
        missing = called is not None and (called.unbound or called.missing)
        skipped = self.run.loaded.skipped if self.run.loaded else ()
        return skipped[0] if missing and skipped else None


@dataclass(frozen=True)
class Expected:
    """The reference of one probe and one comparison: its float64 numbers, and the noise measured over all probes.

    Attributes:
        scales: what an absolute error is in proportion to, where that is not the largest element of the array itself.
        chance: what is allowed where chance decides, in place of rounding.
        within: what an author allows at least, as a share of the largest number of an array.
        exact: the arrays of whole numbers, in which nothing is off by a little.
        upto: of a run's steps, how many are compared; None for all of them.
        huge: whether the numbers here are far larger than at the other probes.
    """

    observation: Observation
    arrays: Arrays
    noise: Mapping[str, float | Floats]
    scales: Mapping[str, Floats] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    upto: int | None = None
    chance: Arrays = field(default_factory=dict)
    within: float = 0.0
    huge: bool = False
    _allowed: dict[str, Floats] = field(default_factory=dict, init=False, repr=False, compare=False)

    def allowed(self, key: str) -> Floats:
        """Return the accepted distance for each element of an array; a whole class is held to the same."""
        if key not in self._allowed:
            array = self.arrays[key]
            if key in self.chance:
                self._allowed[key] = self.chance[key]
            elif key in self.exact:
                self._allowed[key] = np.zeros(array.shape)
            else:
                own = allowed(array, self.noise.get(key, 0.0), self.scales.get(key))
                largest = np.abs(array[np.isfinite(array)]).max(initial=0.0) if self.within else 0.0
                self._allowed[key] = np.maximum(own, self.within * largest)
        return self._allowed[key]


def allowed(expected: Floats, noise: float | Floats, scale: Floats | None = None) -> Floats:
    """Return the accepted distance for each element.

    max(rtol·|expected| + atol·scale, 16 · noise), as torch.testing.assert_close forms it, but with the absolute part in
    proportion to a scale, mostly the largest element, and never below what right programs' own rounding does.
    """
    size = np.abs(expected[np.isfinite(expected)])
    largest = (size.max() if size.size else 0.0) if scale is None else scale
    return np.asarray(np.maximum(RTOL * np.abs(expected) + ATOL * largest, NOISE_FACTOR * noise))


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


@dataclass(frozen=True)
class Mismatch:
    """One difference: where it is worst, what was observed, what was expected, and what would have been allowed.

    Attributes:
        reason: in what an observation differs; the comparison has a sentence for it.
        place: index of the worst element, or of the first step that differs, counted from 0; empty for a scalar.
        actual, expected, allowed: numbers at that place, where there are numbers.
        fields: what else the sentence says.
    """

    reason: str
    place: tuple[int, ...] = ()
    actual: float | None = None
    expected: float | None = None
    allowed: float | None = None
    fields: Mapping[str, object] = field(default_factory=dict)


def shown_shape(shape: tuple[int, ...]) -> str:
    """Return a shape as people read it: 1×20, and () for a single number."""
    return "×".join(map(str, shape)) if shape else "()"


OF_NUMBERS: Mapping[str, Message] = {
    "value": say("{subject} is {actual}; expected {interval}."),
    "element": say("{subject}: element {place} is {actual}; expected {interval}."),
    "not-a-number": say(
        "{subject} is not a number (NaN). Look for 0/0, the logarithm of a negative number, or steps that "
        "grow without bound."
    ),
    "infinite": say("{subject} is infinite. Look for a division by 0 or steps that grow without bound."),
    "shape": say("{subject} has shape {shape}; expected {expected_shape}."),
}
OF_OBJECTS: Mapping[str, Message] = {
    **OF_NUMBERS,
    "dtype": say("{subject} has dtype {dtype}; expected {expected_dtype}."),
    "nothing": say("{subject} is None. Is a return statement missing?"),
    "type": say("{subject} is of type {type}; expected a number or a tensor."),
}


def object_mismatch(check: Check, actual: Value, expected: Value, tolerance: Floats) -> Mismatch | None:
    """Return in what an object differs from the reference's, which has numbers: reasons among OF_OBJECTS."""
    assert expected.data is not None
    if actual.data is None:
        reason = "nothing" if actual.kind == "none" else "type"
        return Mismatch(reason, fields={"type": actual.type_name})
    counted = expected.whole and "float" in (check.dtype or "")
    if check.dtype is not None and not counted and actual.dtype != check.dtype:
        fields = {"dtype": actual.dtype or actual.type_name, "expected_dtype": check.dtype}
        return Mismatch("dtype", fields=fields)
    if not _shape_passes(check.shape, actual.data.shape, expected.data.shape):
        return shape_mismatch(actual.data, expected.data)
    return numbers_mismatch(actual.data, expected.data, tolerance)


def shape_mismatch(actual: Floats, expected: Floats) -> Mismatch:
    fields = {"shape": shown_shape(actual.shape), "expected_shape": shown_shape(expected.shape)}
    return Mismatch("shape", fields=fields)


def numbers_mismatch(actual: Floats, expected: Floats, tolerance: Floats) -> Mismatch | None:
    """Compare element by element in row-major order; shapes have been found acceptable before."""
    if agree(actual.reshape(-1), expected.reshape(-1), tolerance.reshape(-1)):
        return None
    flat = excess(actual.reshape(-1), expected.reshape(-1), tolerance.reshape(-1))
    if not flat.size or flat.max() <= 1:
        return None
    worst = int(flat.argmax())
    number = float(actual.reshape(-1)[worst])
    reason = "value" if flat.size == 1 else "element"
    if math.isnan(number):
        reason = "not-a-number"
    elif math.isinf(number):
        reason = "infinite"
    place = tuple(map(int, np.unravel_index(worst, actual.shape))) if flat.size > 1 else ()
    return Mismatch(reason, place, number, float(expected.reshape(-1)[worst]), float(tolerance.reshape(-1)[worst]))


def _shape_passes(rule: Shape, actual: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    if actual == expected:
        return True
    if rule.exact or math.prod(actual) != math.prod(expected):
        return False
    return rule.anything or actual in rule.allowed or math.prod(expected) == 1
