"""Holds one observation against the reference's: closeness, shapes, gradients, traces, printed numbers."""

from __future__ import annotations

import math

import numpy as np

from grader.core.compare.mismatch import Mismatch, Reason, shown_shape
from grader.core.compare.printed_numbers import printed_numbers
from grader.core.compare.tolerance import Expected, Sight, agree, excess
from grader.core.compare.training_record import stores_mismatch, trace_mismatch
from grader.core.course.exercise import (
    Check,
    Compare,
    CompareFinal,
    CompareGradient,
    CompareOutput,
    CompareParameter,
    CompareStores,
    CompareTrace,
    CompareValue,
    Shape,
)
from grader.core.run.observation import Called, Value
from grader.core.run.trace import Floats
from grader.core.words.message import Message, say


def arrays_of(item: Compare, sight: Sight) -> dict[str, Floats]:
    """Return the numbers that a comparison looks at, by name; empty where the observation has none."""
    match item:
        case CompareValue():
            values = sight.called.values if sight.called else ()
            return {str(i): value.data for i, value in enumerate(values) if value.data is not None}
        case CompareGradient(name):
            gradient = sight.called.gradients.get(name) if sight.called else None
            return {} if gradient is None else {name: gradient}
        case CompareTrace():
            trace = sight.run.ran.trace if sight.run.ran else None
            return dict(trace.series) if trace and trace.steps else {}
        case CompareStores(name):
            stores = sight.run.ran.stores if sight.run.ran else None
            return {} if stores is None else {name: stores}
        case CompareFinal(name) | CompareParameter(name):
            value = sight.run.ran.finals.get(name) if sight.run.ran else None
            return {} if value is None or value.data is None else {name: value.data}
        case CompareOutput():
            return {"output": np.array([number.value for number in printed_numbers(sight.run.stdout)])}


def mismatch(item: Compare, check: Check, subject: Message, actual: Sight, expected: Expected) -> Mismatch | None:
    """Return in what `actual` differs from the reference in this comparison, or None where it agrees."""
    match item:
        case CompareValue():
            return _values(check, subject, actual, expected)
        case CompareGradient(name):
            return _gradient(name, subject, actual, expected)
        case CompareTrace(parts):
            return trace_mismatch(parts, actual, expected)
        case CompareStores(name):
            return stores_mismatch(name, actual, expected)
        case CompareFinal(name):
            return _final(name, check, actual, expected)
        case CompareParameter(name):
            return _parameter(name, check, actual, expected)
        case CompareOutput():
            return _output(actual, expected)


def _values(check: Check, subject: Message, actual: Sight, expected: Expected) -> Mismatch | None:
    ours = expected.sight.called.values if expected.sight.called else ()
    theirs = actual.called.values if actual.called else ()
    if len(ours) != len(theirs):
        return Mismatch(Reason.COUNT, subject, fields={"count": len(theirs), "expected_count": len(ours)})
    for place, (mine, value) in enumerate(zip(ours, theirs, strict=True)):
        if mine.data is None:
            continue
        found = _value(check, subject, value, mine, expected.allowed(str(place)))
        if found:
            return found
    return None


def _value(check: Check, subject: Message, actual: Value, expected: Value, tolerance: Floats) -> Mismatch | None:
    assert expected.data is not None
    if actual.data is None:
        reason = Reason.NOTHING if actual.kind == "none" else Reason.TYPE
        return Mismatch(reason, subject, fields={"type": actual.type_name})
    if check.dtype is not None and actual.dtype != check.dtype:
        fields = {"dtype": actual.dtype or actual.type_name, "expected_dtype": check.dtype}
        return Mismatch(Reason.DTYPE, subject, fields=fields)
    if not _shape_passes(check.shape, actual.data.shape, expected.data.shape):
        fields = {"shape": shown_shape(actual.data.shape), "expected_shape": shown_shape(expected.data.shape)}
        return Mismatch(Reason.SHAPE, subject, fields=fields)
    return _numbers(subject, actual.data, expected.data, tolerance)


def _numbers(subject: Message, actual: Floats, expected: Floats, tolerance: Floats) -> Mismatch | None:
    """Compare element by element in row-major order; shapes have been found acceptable before."""
    if agree(actual.reshape(-1), expected.reshape(-1), tolerance.reshape(-1)):
        return None
    flat = excess(actual.reshape(-1), expected.reshape(-1), tolerance.reshape(-1))
    if not flat.size or flat.max() <= 1:
        return None
    worst = int(flat.argmax())
    number = float(actual.reshape(-1)[worst])
    reason = Reason.VALUE if flat.size == 1 else Reason.ELEMENT
    if math.isnan(number):
        reason = Reason.NOT_A_NUMBER
    elif math.isinf(number):
        reason = Reason.INFINITE
    place = tuple(map(int, np.unravel_index(worst, actual.shape))) if flat.size > 1 else ()
    return Mismatch(
        reason, subject, place, number, float(expected.reshape(-1)[worst]), float(tolerance.reshape(-1)[worst])
    )


def _shape_passes(rule: Shape, actual: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    if actual == expected:
        return True
    if rule.exact or math.prod(actual) != math.prod(expected):
        return False
    return rule.anything or actual in rule.allowed or math.prod(expected) == 1


def _gradient(name: str, subject: Message, actual: Sight, expected: Expected) -> Mismatch | None:
    if name not in expected.arrays:
        # The reference itself has no gradient here: only the value counts.
        return None
    called = actual.called or Called()
    if called.backward_raised is not None:
        fields = {"type": called.backward_raised.type_name, "words": called.backward_raised.message}
        return Mismatch(Reason.BACKWARD_RAISED, subject, fields=fields)
    gradient = called.gradients.get(name)
    if gradient is None:
        reason = Reason.NOT_REQUIRED if name in called.not_required else Reason.GRAPH_CUT
        return Mismatch(reason, subject, fields={"name": name})
    ours = expected.arrays[name]
    if gradient.size != ours.size:
        fields = {"shape": shown_shape(gradient.shape), "expected_shape": shown_shape(ours.shape)}
        return Mismatch(Reason.SHAPE, subject, fields=fields)
    return _numbers(subject, gradient, ours, expected.allowed(name))


def _final(name: str, check: Check, actual: Sight, expected: Expected) -> Mismatch | None:
    ran = actual.run.ran
    if ran is None or name not in ran.finals:
        return Mismatch(Reason.UNBOUND, say("{name}", name=name), fields={"name": name})
    ours = expected.sight.run.ran.finals[name] if expected.sight.run.ran else Value("none", "None")
    subject = say("{name} after the run", name=name) if check.script else say("{name}", name=name)
    return _value(check, subject, ran.finals[name], ours, expected.allowed(name))


def _parameter(name: str, check: Check, actual: Sight, expected: Expected) -> Mismatch | None:
    value = actual.run.ran.finals.get(name) if actual.run.ran else None
    subject = say("{name}", name=name)
    if value is not None:
        fields = {"name": name, "type": value.type_name, "dtype": value.dtype}
        if value.kind != "tensor":
            return Mismatch(Reason.NOT_A_TENSOR, subject, fields=fields)
        if "float" not in value.dtype:
            return Mismatch(Reason.NOT_FLOATING, subject, fields=fields)
        if not value.requires_grad:
            return Mismatch(Reason.NO_GRADIENT_WANTED, subject, fields=fields)
        if not value.leaf:
            return Mismatch(Reason.NOT_A_LEAF, subject, fields=fields)
    return _final(name, check, actual, expected)


def _output(actual: Sight, expected: Expected) -> Mismatch | None:
    """Look for the reference's printed numbers in the submission's output, in their order; others may lie between."""
    subject = say("the output")
    theirs = printed_numbers(actual.run.stdout)
    ours = printed_numbers(expected.sight.run.stdout)
    most = 4 * len(ours)
    if not theirs:
        return Mismatch(Reason.NO_OUTPUT, subject)
    if len(theirs) > most:
        return Mismatch(Reason.OUTPUT_TOO_MUCH, subject, fields={"count": len(theirs), "most": most})
    tolerance = expected.allowed("output")
    waiting = iter(theirs)
    for place, wanted in enumerate(ours):
        half_digit = wanted.half_digit if wanted.decimals else 0.0
        if not any(number.tells(wanted.value, float(tolerance[place]), half_digit) for number in waiting):
            fields = {"steps": len(ours), "about": f"{wanted.value:.4g}"}
            return Mismatch(Reason.OUTPUT_MISSING, subject, (place,), expected=wanted.value, fields=fields)
    return None
