"""A line of a program that a name of a mistake is about, and the loops and functions that these lines are in."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.core.program.features.code_features import nodes_if_few
from grader.core.program.source import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Slip:
    """A line, and the name that it is about."""

    line: int
    name: str = ""
    meant: str = ""


def first(found: Iterable[Slip]) -> Slip | None:
    """Return the one that is furthest up."""
    return min(found, key=lambda slip: slip.line, default=None)


def loops(source: Source) -> Iterator[ast.For | ast.While]:
    """Yield the loops of a program, those in other loops too."""
    return (node for node in nodes_if_few(source) if isinstance(node, ast.For | ast.While))


def own(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the simple statements of a body in order, those of `with` and `if` among them; none of inner loops."""
    waiting = list(body)[::-1]
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, ast.With | ast.If):
            waiting += statement.body[::-1]
        elif not hasattr(statement, "body"):
            yield statement


def functions_of(nodes: Iterable[ast.AST]) -> list[Function]:
    """Return the functions among a program's nodes."""
    return [node for node in nodes if isinstance(node, Function)]


def around(functions: Iterable[Function], line: int) -> Function | None:
    """Return the innermost of some functions that has a line; None where none of them has it."""
    holding = (each for each in functions if each.lineno <= line <= (each.end_lineno or 0))
    return max(holding, key=lambda each: each.lineno, default=None)


def is_backward(node: ast.AST) -> bool:
    """Whether it calls a method backward()."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "backward"
