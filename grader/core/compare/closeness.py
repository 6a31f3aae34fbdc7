"""How one object's numbers are held to the reference's, for every kind that compares objects."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from grader.core.compare.mismatch import Mismatch, shown_shape
from grader.core.compare.tolerance import agree, excess
from grader.core.course.exercise import Check, Shape
from grader.core.run.observation import Value
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say

OF_NUMBERS: Mapping[str, Message] = {
    "value": say("{subject} is {actual}; accepted: {interval}."),
    "element": say("{subject}: element {place} is {actual}; accepted: {interval}."),
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
    if check.dtype is not None and actual.dtype != check.dtype:
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
