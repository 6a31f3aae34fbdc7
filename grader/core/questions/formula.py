"""A formula as a student types it, and whether it equals the author's: at points where both have a value."""

from __future__ import annotations

import difflib
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.core.autodiff.expression import Dual, Expression, ExpressionFault, evaluate, names, parse
from grader.core.course.questions import FormulaKey
from grader.core.words.message import say

MOST_CHARACTERS = 200
POINTS = 12
# So many points are drawn at most: a formula may have no value at some of them.
_MOST_DRAWN = 25 * POINTS
# Of the largest right value: rounding is far below it, another formula far above.
_ALLOWED = 1e-9
_NO_VALUE = (ArithmeticError, ValueError)
# As people write on paper. A power is typed ^ on most calculators.
_WRITTEN = {"·": "*", "×": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-", "^": "**"}
_WRITTEN |= {"²": "**2", "³": "**3", "\u00a0": " "}
_LEFT_SIDE = re.compile(r"[^=]*=(?!=)")

At = Mapping[str, float]


@dataclass(frozen=True)
class Point:
    """Where two formulas are compared: the values of all names there, and the right value."""

    at: At
    expected: float


def parse_typed(text: str, allowed: Sequence[str]) -> Expression:
    """Read what a student typed; a left side such as `∂loss/∂w =` may stand before it.

    Raises:
        ExpressionFault: where it is no expression of these names; what is said quotes nothing but what was typed.
    """
    if len(text) > MOST_CHARACTERS:
        raise ExpressionFault(say("a formula has at most {most} characters", most=MOST_CHARACTERS), 0)
    right = _LEFT_SIDE.sub("", text, count=1)
    expression = parse("".join(_WRITTEN.get(each, each) for each in right))
    for name in names(expression):
        if name not in allowed:
            listed, near = ", ".join(allowed), difflib.get_close_matches(name, allowed, n=1)
            if near:
                words = say(
                    "{name} is not in this formula; did you mean {near}? There are: {names}",
                    name=name,
                    near=near[0],
                    names=listed,
                )
            else:
                words = say("{name} is not in this formula; there are: {names}", name=name, names=listed)
            raise ExpressionFault(words, 0)
    return expression


def value_of(expression: Expression, at: At) -> float | None:
    """Return the value of an expression; None where it has none that is finite."""
    try:
        value = evaluate(expression, {name: Dual(number) for name, number in at.items()}).value
    except _NO_VALUE:
        return None
    return value if math.isfinite(value) else None


def points(key: FormulaKey, asked: Sequence[str], seed: bytes) -> Iterator[Point]:
    """Yield points at which the right formula has a value, of a limited number that are drawn."""
    drawn = random.Random(seed)  # noqa: S311 - its seed is a secret, or is public on purpose
    computed = {node.name for node in key.graph.nodes}
    wanted = sorted({*key.graph.inputs, *asked} - computed)
    for _ in range(_MOST_DRAWN):
        at = {name: drawn.uniform(*key.between.get(name, FormulaKey.USUAL)) for name in wanted}
        try:
            values, expected = key.graph.values(at), key.graph.answer(key.of, at)
        except _NO_VALUE:
            continue
        if math.isfinite(expected) and all(map(math.isfinite, values.values())):
            yield Point(values, expected)


def compared(expression: Expression, at_points: Iterator[Point]) -> tuple[bool, Point | None]:
    """Return whether a formula equals the right one, and where it does not; None where it has a value too seldom.

    It must have a value, and the right one, at POINTS points.
    """
    both: list[tuple[Point, float]] = []
    for point in at_points:
        value = value_of(expression, point.at)
        if value is not None:
            both.append((point, value))
        if len(both) == POINTS:
            break
    allowed = _ALLOWED * max((abs(point.expected) for point, _ in both), default=0.0)
    other = next((point for point, value in both if abs(value - point.expected) > allowed), None)
    return other is None and len(both) == POINTS, other
