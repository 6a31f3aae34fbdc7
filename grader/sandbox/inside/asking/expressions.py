"""Computes expressions with whatever objects the names stand for."""

from __future__ import annotations

from typing import Any

from grader.core.autodiff.expression import Apply, Binary, Expression, Name, Negative, Number
from grader.sandbox.inside.program.values import is_tensor


def compute(expression: Expression, values: dict[str, Any]) -> Any:
    """Return `expression` computed with the objects that `values` holds: numbers, tensors."""
    match expression:
        case Number(value):
            return value
        case Name(name):
            return values[name]
        case Negative(operand):
            return -compute(operand, values)
        case Apply(function, operand):
            import torch

            inner = compute(operand, values)
            return getattr(torch, function)(inner if is_tensor(inner) else torch.tensor(inner))
        case Binary(operator, left, right):
            return _combined(operator, compute(left, values), compute(right, values))


def _combined(operator: str, a: Any, b: Any) -> Any:
    match operator:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b
        case _:
            return a**b
