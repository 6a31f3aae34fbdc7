"""Expressions with one operation changed or left out, as somebody may have taken them by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from grader.core.autodiff.expression import Apply, Binary, Expression, Name, Negative, Number, unparse
from grader.core.report.finding import Finding, finding


def changes(expression: Expression, at: Mapping[str, float]) -> Iterator[tuple[str, Finding, Expression]]:
    """Yield an expression with one operation of it changed: the name of the mistake, its hint, and what comes of it."""
    match expression:
        case Binary(operator, left, right):
            yield from _changed_here(expression, at)
            for name, hint, inner in changes(left, at):
                yield name, hint, Binary(operator, inner, right)
            for name, hint, inner in changes(right, at):
                yield name, hint, Binary(operator, left, inner)
        case Negative(operand):
            for name, hint, inner in changes(operand, at):
                yield name, hint, Negative(inner)
        case Apply(function, operand):
            for name, hint, inner in changes(operand, at):
                yield name, hint, Apply(function, inner)
        case _:
            return


def _changed_here(expression: Binary, at: Mapping[str, float]) -> Iterator[tuple[str, Finding, Expression]]:
    left, right, shown = expression.left, expression.right, unparse(expression)
    match expression.operator:
        case "-" | "/":
            if expression.operator == "-":
                added = replace(expression, operator="+")
                yield "sign-flipped", finding("taken-for", other=unparse(added), shown=shown), added
            swapped = replace(expression, left=right, right=left)
            yield "operand-order", finding("taken-for", other=unparse(swapped), shown=shown), swapped
            if expression.operator == "-" and isinstance(right, Name) and right.name in at:
                yield "target-forgotten", finding("not-subtracted", name=right.name, shown=shown), left
        case "*":
            added = replace(expression, operator="+")
            yield (
                "added-instead-of-multiplied",
                finding("taken-for", other=unparse(added), shown=shown),
                added,
            )
        case "**":
            yield "loss-not-squared", finding("power-left-out", shown=shown), left
            yield (
                "loss-absolute",
                finding("taken-for", other=f"|{unparse(left)}|", shown=shown),
                Apply("abs", left),
            )


def shortened(expression: Expression) -> Iterator[tuple[float, Expression]]:
    """Yield each number that is a factor, or one by a number that divides, and the expression without it."""
    match expression:
        case Binary(operator, left, right):
            if operator == "*" and isinstance(left, Number):
                yield left.value, right
            if operator in ("*", "/") and isinstance(right, Number) and right.value:
                yield right.value if operator == "*" else 1 / right.value, left
            for factor, inner in shortened(left):
                yield factor, replace(expression, left=inner)
            for factor, inner in shortened(right):
                yield factor, replace(expression, right=inner)
        case Negative(operand) | Apply(_, operand):
            for factor, inner in shortened(operand):
                yield factor, replace(expression, operand=inner)
