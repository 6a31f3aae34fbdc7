"""Holds one observation against the reference's: closeness, shapes, gradients, traces, printed numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from grader.core.exercise import (
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
from grader.core.message import Message, say
from grader.core.mismatch import Mismatch, Reason
from grader.core.observation import Backward, Called, Floats, Run, Trace, Value
from grader.core.printed import printed_numbers
from grader.core.trace import series_of

# torch.testing's defaults for float32. They hold for every dtype: a student may compute in float32 and hand the
# result on as float64, and a coarser dtype must not buy a coarser judgement.
RTOL = 1.3e-6
ATOL = 1e-5
_NOISE_FACTOR = 16

Arrays = Mapping[str, Floats]


@dataclass(frozen=True)
class Sight:
    """What was seen of one probe: the run it belongs to, and the call where there is one."""

    run: Run
    called: Called | None = None


@dataclass(frozen=True)
class Expected:
    """The reference of one probe and one comparison: its float64 numbers, and the noise measured over all probes."""

    sight: Sight
    arrays: Arrays
    noise: Mapping[str, float]

    def allowed(self, key: str) -> Floats:
        return allowed(self.arrays[key], self.noise.get(key, 0.0))


def allowed(expected: Floats, noise: float) -> Floats:
    """Return the accepted distance for each element.

    max(rtol·|expected| + atol·max|expected|, 16 · noise), as torch.testing.assert_close forms it, but with the
    absolute part in proportion to the largest element, and never below what the reference's own rounding does.
    """
    size = np.abs(expected[np.isfinite(expected)])
    largest = float(size.max()) if size.size else 0.0
    return np.asarray(np.maximum(RTOL * np.abs(expected) + ATOL * largest, _NOISE_FACTOR * noise))


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
            return dict(series_of(trace.steps)) if trace and trace.steps else {}
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
            return _trace(parts, actual, expected)
        case CompareStores(name):
            return _stores(name, actual, expected)
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
        fields = {"shape": _shape(actual.data.shape), "expected_shape": _shape(expected.data.shape)}
        return Mismatch(Reason.SHAPE, subject, fields=fields)
    return _numbers(subject, actual.data, expected.data, tolerance)


def _numbers(subject: Message, actual: Floats, expected: Floats, tolerance: Floats) -> Mismatch | None:
    """Compare element by element in row-major order; shapes have been found acceptable before."""
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
        fields = {"shape": _shape(gradient.shape), "expected_shape": _shape(ours.shape)}
        return Mismatch(Reason.SHAPE, subject, fields=fields)
    return _numbers(subject, gradient, ours, expected.allowed(name))


def _trace(parts: tuple[str, ...], actual: Sight, expected: Expected) -> Mismatch | None:
    trace = actual.run.ran.trace if actual.run.ran else None
    if trace is None or not trace.steps:
        return Mismatch(Reason.NO_BACKWARD, say("the run"))
    found = _steps(parts, trace.steps, trace.count, expected)
    if found is None:
        return None
    # A look at a gradient that no update follows is no step of the training.
    wanted = len(next(iter(expected.arrays.values()), ()))
    candidates = (trace.steps, *_updated(trace)) if len(trace.steps) == trace.count else ()
    # The last steps alone: they begin where training begins, so nothing before them moved the parameter.
    for steps in (*candidates, *(steps[-wanted:] for steps in candidates)):
        if steps and len(steps) < trace.count and _steps(parts, steps, len(steps), expected) is None:
            return None
    return found


def _steps(parts: tuple[str, ...], steps: tuple[Backward, ...], count: int, expected: Expected) -> Mismatch | None:
    """Compare the steps with the reference's; any leaf may be the parameter, if it is the same one throughout."""
    theirs = series_of(steps)
    expected_count = len(next(iter(expected.arrays.values()), ()))
    compared = min(len(steps), expected_count)
    for wanted in _leaves(expected.arrays):
        results = [_series(parts, (leaf, wanted), theirs, expected, compared) for leaf in _leaves(theirs)]
        if not results:
            return Mismatch(Reason.NO_PARAMETER, say("the run"))
        found = max(results, key=_how_far)
        if found is not None:
            return replace(found, fields={**found.fields, "steps": expected_count})
    if count != expected_count:
        fields = {"count": count, "expected_count": expected_count}
        return Mismatch(Reason.STEPS_RIGHT_SO_FAR, say("the run"), (compared,), fields=fields)
    return None


def _how_far(found: Mismatch | None) -> tuple[float, int]:
    """Order mismatches by how far the training agreed before them: the step, then the part of the step."""
    parts = (Reason.SHAPE, Reason.START_PARAMETER, Reason.STEP_PARAMETER, Reason.STEP_LOSS, Reason.STEP_GRADIENT)
    return (math.inf, 0) if found is None else (found.place[0], parts.index(found.reason))


def _leaves(series: Arrays) -> list[str]:
    return [key.partition(" ")[2] for key in series if key.startswith("parameter ")]


_STEP_SUBJECTS = {
    Reason.STEP_PARAMETER: say("the parameter at a backward call"),
    Reason.STEP_LOSS: say("the loss at a backward call"),
    Reason.STEP_GRADIENT: say("the gradient at a backward call"),
}
_STEP_REASONS = {"parameter": Reason.STEP_PARAMETER, "loss": Reason.STEP_LOSS, "gradient": Reason.STEP_GRADIENT}


def _series(
    parts: tuple[str, ...], leaves: tuple[str, str], theirs: Arrays, expected: Expected, count: int
) -> Mismatch | None:
    """Return the first step that differs: there the parameter before it, then its loss, then its gradient."""
    first: Mismatch | None = None
    for part, reason in _STEP_REASONS.items():
        key, ours_key = (part if part == "loss" else f"{part} {leaf}" for leaf in leaves)
        if part not in parts or ours_key not in expected.arrays:
            continue
        ours, tolerance = expected.arrays[ours_key][:count], expected.allowed(ours_key)[:count]
        found = _first_wrong_row(reason, theirs.get(key, np.full_like(ours, math.nan))[:count], ours, tolerance)
        if found and (first is None or found.place[0] < first.place[0]):
            first = found
    return first


def _first_wrong_row(reason: Reason, actual: Floats, expected: Floats, tolerance: Floats) -> Mismatch | None:
    if actual[0].size != expected[0].size:
        fields = {"shape": _shape(actual[0].shape), "expected_shape": _shape(expected[0].shape)}
        return Mismatch(Reason.SHAPE, _STEP_SUBJECTS[reason], (0,), fields=fields)
    rows = [series.reshape(len(series), -1) for series in (actual, expected, tolerance)]
    off = excess(*rows)
    wrong = np.flatnonzero(off.max(axis=1) > 1)
    if not wrong.size:
        return None
    step = int(wrong[0])
    element = int(off[step].argmax())
    if reason is Reason.STEP_PARAMETER and step == 0:
        reason = Reason.START_PARAMETER
    mine, ours, allowed_there = (float(series[step, element]) for series in rows)
    return Mismatch(reason, say("the run"), (step,), mine, ours, allowed_there)


def _updated(trace: Trace) -> Iterator[tuple[Backward, ...]]:
    """Yield the steps that an update follows, without and with the last one, whose update may have made a new leaf.

    Then the same of the steps of that leaf alone which was trained longest: before it, another may have been looked at.
    """
    ids = Counter(tuple(leaf.id for leaf in step.leaves) for step in trace.steps)
    longest = ids.most_common(1)[0][0]
    alone = tuple(step for step in trace.steps if tuple(leaf.id for leaf in step.leaves) == longest)
    for steps in (trace.steps, alone):
        followed = tuple(step for step, after in pairwise(steps) if _values_before(step) != _values_before(after))
        yield (*followed, steps[-1])
        yield followed


def _values_before(step: Backward) -> list[object]:
    return [leaf.before.tolist() for leaf in step.leaves]


def _stores(name: str, actual: Sight, expected: Expected) -> Mismatch | None:
    subject = say("{name} in the run", name=name)
    stores = actual.run.ran.stores if actual.run.ran else None
    if stores is None or not stores.size:
        return Mismatch(Reason.NO_STORES, subject, fields={"name": name})
    ours, tolerance = expected.arrays[name], expected.allowed(name)
    count = min(stores.size, ours.size)
    wrong = np.flatnonzero(excess(stores[:count], ours[:count], tolerance[:count]) > 1)
    if wrong.size:
        step = int(wrong[0])
        mine, wanted, allowed_there = (float(series[step]) for series in (stores, ours, tolerance))
        return Mismatch(Reason.STORE, subject, (step,), mine, wanted, allowed_there, {"name": name})
    if stores.size != ours.size:
        fields = {"name": name, "count": int(stores.size), "expected_count": int(ours.size)}
        return Mismatch(Reason.STORES, subject, (count,), fields=fields)
    return None


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


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) if shape else "()"
