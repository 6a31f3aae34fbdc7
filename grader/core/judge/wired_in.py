"""Whether a program holds numbers that it was shown, where what is compared is worked out."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.core.course.exercise import Check
from grader.core.program.features.code_features import top_level
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding
from grader.core.run.plan import Numbers
from grader.core.words.numbers import show


def wired_in(check: Check, source: Source, solution: Source, shown: Sequence[Numbers]) -> Finding | None:
    """Return the first line of a program that holds a number of the shown inputs; None where none does.

    Only lines count that lead to what is compared, and only numbers that the solution has no use for: a 2 may be the 2
    of a square, and a list of data is there to be replaced.
    """
    known = {abs(number) for probe in shown for array in probe.values() for number in array.numbers}
    known -= {number for _, number in _numbers(top_level(solution))}
    for line, number in _numbers(_path(check, source)):
        if number in known:
            return finding("number-wired-in", **source.place(line), found=show(number), code=source.line(line))
    return None


def _numbers(statements: Sequence[ast.stmt]) -> Iterator[tuple[int, float]]:
    """Yield the line and the value of each number that is written out, without its sign."""
    for node in (each for statement in statements for each in ast.walk(statement)):
        match node:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int() | float() as number, lineno=line):
                yield line, number


def _path(check: Check, source: Source) -> list[ast.stmt]:
    """Return the statements of the top level that lead to what is compared, without the data that is replaced."""
    own = [each for each in top_level(source) if not _gives(each) & {*check.given, *check.args}]
    if check.script:
        return own
    wanted = set(check.asked)
    found: list[ast.stmt] = []
    while more := [each for each in own if each not in found and _gives(each) & wanted]:
        found += more
        wanted |= {name for each in more for name in _reads(each)}
    return found


def _gives(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _reads(statement: ast.stmt) -> Iterator[str]:
    return (node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
