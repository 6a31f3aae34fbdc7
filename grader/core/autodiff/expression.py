"""Arithmetic expressions of exercise files: parsed into a small tree, never evaluated as Python."""

from __future__ import annotations

import ast
import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from grader.core.words.message import Message, say


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Negative:
    operand: Expression


@dataclass(frozen=True)
class Binary:
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Apply:
    function: str
    operand: Expression


Expression = Number | Name | Negative | Binary | Apply


class ExpressionFault(ValueError):
    """The text is not an expression of this language; `column` counts from 0 in the text."""

    def __init__(self, message: Message, column: int) -> None:
        super().__init__(message.template)
        self.message = message
        self.column = column


@dataclass(frozen=True)
class Dual:
    """A value and its derivative along one direction (forward-mode differentiation by dual numbers)."""

    value: float
    slope: float = 0.0


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


# Each function with its derivative, written in terms of the operand x and the result y.
FUNCTIONS: Mapping[str, tuple[Callable[[float], float], Callable[[float, float], float]]] = {
    "exp": (math.exp, lambda _x, y: y),
    "log": (math.log, lambda x, _y: 1 / x),
    "sqrt": (math.sqrt, lambda _x, y: 0.5 / y),
    "sin": (math.sin, lambda x, _y: math.cos(x)),
    "cos": (math.cos, lambda x, _y: -math.sin(x)),
    "tanh": (math.tanh, lambda _x, y: 1 - y * y),
    "sigmoid": (_sigmoid, lambda _x, y: y * (1 - y)),
    "relu": (lambda x: max(x, 0.0), lambda x, _y: 1.0 if x > 0 else 0.0),
    "abs": (abs, lambda x, _y: math.copysign(1.0, x) if x else 0.0),
}

_OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
_LONGEST = 1000
_DEEPEST = 50


def parse(text: str) -> Expression:
    """Parse `text`: numbers, names, + - * / **, parentheses and the functions in FUNCTIONS.

    Raises:
        ExpressionFault: with a message and the column of the fault.
    """
    if len(text) > _LONGEST:
        raise ExpressionFault(say("an expression has at most {most} characters", most=_LONGEST), 0)
    # One line of the same length: Python counts columns within lines.
    stripped = re.sub(r"[\n\r\f]", " ", text).strip()
    start = len(text) - len(text.lstrip())
    try:
        tree = ast.parse(stripped, mode="eval")
    except SyntaxError as error:
        column = start + max((error.offset or 1) - 1, 0)
        raise ExpressionFault(say("this is not an expression: {text}", text=stripped or '""'), column) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionFault(say("this is not an expression: {text}", text=stripped[:60]), start) from None
    return _Parsing(stripped, start).convert(tree.body, 0)


def names(expression: Expression) -> Iterator[str]:
    """Yield the names that `expression` reads, each as often as it is read, from left to right."""
    match expression:
        case Name(name):
            yield name
        case Negative(operand) | Apply(_, operand):
            yield from names(operand)
        case Binary(_, left, right):
            yield from names(left)
            yield from names(right)


def unparse(expression: Expression) -> str:
    """Return text that `parse` reads back as `expression`, with no more parentheses than it needs."""
    return _unparse(expression, 0)


def evaluate(expression: Expression, values: Mapping[str, Dual]) -> Dual:
    """Return value and derivative of `expression` where each name has the dual number in `values`.

    Raises:
        ArithmeticError, ValueError: if the expression has no real value, such as 1/0 or log(-1).
    """
    match expression:
        case Number(value):
            return Dual(value)
        case Name(name):
            return values[name]
        case Negative(operand):
            inner = evaluate(operand, values)
            return Dual(-inner.value, -inner.slope)
        case Apply(function, operand):
            inner = evaluate(operand, values)
            forward, derivative = FUNCTIONS[function]
            result = forward(inner.value)
            return Dual(result, derivative(inner.value, result) * inner.slope if inner.slope else 0.0)
        case Binary(operator, left, right):
            return _combine(operator, evaluate(left, values), evaluate(right, values))


_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}


def _unparse(expression: Expression, outer: int) -> str:
    match expression:
        case Number(value):
            return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case Name(name):
            return name
        case Negative(operand):
            text, binds = "-" + _unparse(operand, 3), 3
        case Apply(function, operand):
            return f"{function}({_unparse(operand, 0)})"
        case Binary(operator, left, right):
            binds = _BINDS[operator]
            # A power groups to the right, even around a minus; everything else to the left.
            left_outer, right_outer = (binds + 1, 3) if operator == "**" else (binds, binds + 1)
            text = f"{_unparse(left, left_outer)} {operator} {_unparse(right, right_outer)}"
    return f"({text})" if binds < outer else text


def _combine(operator: str, a: Dual, b: Dual) -> Dual:
    match operator:
        case "+":
            return Dual(a.value + b.value, a.slope + b.slope)
        case "-":
            return Dual(a.value - b.value, a.slope - b.slope)
        case "*":
            return Dual(a.value * b.value, a.slope * b.value + a.value * b.slope)
        case "/":
            quotient = a.value / b.value
            return Dual(quotient, (a.slope - quotient * b.slope) / b.value)
        case _:
            return _power(a, b)


def _power(a: Dual, b: Dual) -> Dual:
    value = math.pow(a.value, b.value)
    slope = 0.0
    if a.slope and b.value:
        slope += b.value * math.pow(a.value, b.value - 1) * a.slope
    if b.slope:
        slope += value * math.log(a.value) * b.slope
    return Dual(value, slope)


class _Parsing:
    """Turns Python's tree of an expression into ours."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start

    def convert(self, node: ast.expr, depth: int) -> Expression:
        column = self._column(node)
        if depth > _DEEPEST:
            raise ExpressionFault(say("this expression is nested too deeply"), column)
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self._number(node, value)
            case ast.Name(id=name):
                return Name(name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negative(self.convert(operand, depth + 1))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.convert(operand, depth + 1)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return Binary(_OPERATORS[type(op)], self.convert(left, depth + 1), self.convert(right, depth + 1))
            case ast.BinOp(op=ast.BitXor()):
                raise ExpressionFault(say("write a power as **, not ^"), column)
            case ast.Call(func=ast.Name(id=function), args=[operand], keywords=[]):
                if function not in FUNCTIONS:
                    raise ExpressionFault(_unknown_function(function), column)
                return Apply(function, self.convert(operand, depth + 1))
            case _:
                raise ExpressionFault(
                    say(
                        "only numbers, names, + - * / **, parentheses and {functions} are allowed here",
                        functions=", ".join(FUNCTIONS),
                    ),
                    column,
                )

    def _number(self, node: ast.expr, value: float) -> Number:
        typed = ast.get_source_segment(self._text, node) or ""
        if not re.fullmatch(r"[0-9.]+(?:[eE][+-]?[0-9]+)?", typed):
            raise ExpressionFault(say("write this number as 8, 0.5 or 1e-2"), self._column(node))
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise ExpressionFault(say("this number is too large"), self._column(node))
        return Number(number)

    def _column(self, node: ast.expr) -> int:
        """Return where the node begins, in characters of the whole text; Python counts bytes."""
        return self._start + len(self._text.encode()[: node.col_offset].decode("utf-8", "ignore"))


def _unknown_function(function: str) -> Message:
    allowed = ", ".join(FUNCTIONS)
    near = difflib.get_close_matches(function, FUNCTIONS, n=1)
    if near:
        return say(
            "unknown function {function}; did you mean {near}? allowed: {allowed}",
            function=function,
            near=near[0],
            allowed=allowed,
        )
    return say("unknown function {function}; allowed: {allowed}", function=function, allowed=allowed)
