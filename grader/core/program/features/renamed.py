"""Finds what a program gives another name than it is asked for, by the numbers that it holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.core.program.features.code_features import top_level
from grader.core.program.features.constants import written
from grader.core.program.source import Source


def named_otherwise(source: Source, numbers: Sequence[float]) -> str | None:
    """Return the name at the top level that is given just these numbers in a list; None for none or several."""
    wanted = list(numbers)
    found = {
        name
        for statement in top_level(source)
        for name, values in _lists(statement)
        if len(wanted) > 1 and values == wanted
    }
    return found.pop() if len(found) == 1 else None


def _lists(statement: ast.stmt) -> Iterator[tuple[str, list[float]]]:
    """Yield the names that a statement gives a list of numbers, or what is made of one: a tensor, an array."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            value = value.args[0] if isinstance(value, ast.Call) and value.args else value
            if isinstance(value, ast.List | ast.Tuple):
                yield name, _numbers(value)


def _numbers(value: ast.List | ast.Tuple) -> list[float]:
    rows = (each.elts if isinstance(each, ast.List | ast.Tuple) else [each] for each in value.elts)
    found = [written(each) for row in rows for each in row]
    return [number.value for number in found if number is not None] if all(found) else []
