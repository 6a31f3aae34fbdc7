"""Stated values of a notebook: what its cells give a name last, worked out where it is arithmetic. Nothing runs."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from grader.core.autodiff.expression import Dual, ExpressionFault, evaluate, parse
from grader.core.course.exercise import Stated
from grader.core.words.numbers import NotANumber, parse_number
from grader.integrations.nbgrader.part import Part
from grader.store.students.programs import NotebookCell

_ASSIGNED = re.compile(r"([A-Za-z_]\w*)\s*(?::[^=]*)?=(?!=)\s*([^#]*)")
_EMPTY = ("", "None", "...")
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_CASTS: Mapping[str, Callable[[float], float]] = {"float": float, "int": int, "round": round}
_CAST = re.compile(r"(float|int|round)\((.+?)(?:,\s*(\d))?\)")
_LONGEST = 500
# A name, what it is given, and in which line.
_Given = tuple[str, str, int]


def stated_part(cells: Sequence[tuple[NotebookCell, ast.Module | None]], work: Stated) -> Part:
    """Return the answers as a YAML file.

    Args:
        cells: each with its syntax; where Python cannot read it, its lines are read one by one.
    """
    asked = {ask.name for ask in work.asks}
    values: dict[str, Dual] = {}
    answers: dict[str, tuple[str, tuple[int, int]]] = {}
    for cell, tree in cells:
        for name, text, line in _by_line(cell.text) if tree is None else _by_statement(cell.text, tree):
            if text in _EMPTY:
                continue
            number = _number(text, values)
            if number is None:
                values.pop(name, None)
            else:
                values[name] = Dual(number)
            if name in asked:
                told = json.dumps(text[:200]) if number is None else repr(number)
                answers.pop(name, None)
                answers[name] = told, (cell.number, line)
    content = "".join(f"{name}: {told}\n" for name, (told, _) in answers.items())
    return Part(".yaml", content.encode(), tuple(place for _, place in answers.values()))


def _by_line(text: str) -> Iterator[_Given]:
    for line, each in enumerate(text.split("\n"), 1):
        found = _ASSIGNED.match(each)
        if found is not None:
            yield found[1], found[2].strip(), line


def _by_statement(text: str, tree: ast.Module) -> Iterator[_Given]:
    lines = [line.encode() for line in text.split("\n")]
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _given(target, value, lines)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _given(target, value, lines)
            case ast.AugAssign(target=ast.Name(id=name), op=operator, value=value):
                sign = _OPERATORS.get(type(operator), "")
                yield name, f"{name} {sign} ({_source(value, lines)})", statement.lineno


def _given(target: ast.expr, value: ast.expr, lines: Sequence[bytes]) -> Iterator[_Given]:
    match target, value:
        case ast.Name(id=name), _:
            yield name, _source(value, lines), target.lineno
        case ((ast.Tuple(elts=names) | ast.List(elts=names)), (ast.Tuple(elts=parts) | ast.List(elts=parts))):
            if len(names) == len(parts):
                for each, part in zip(names, parts, strict=True):
                    if isinstance(each, ast.Name):
                        yield each.id, _source(part, lines), target.lineno


def _source(node: ast.expr, lines: Sequence[bytes]) -> str:
    """Return what stands there, in one line; what is longer than any answer is cut."""
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    if last - first > _LONGEST:
        return "…"
    end = node.end_col_offset or 0
    if first == last:
        parts = [lines[first][node.col_offset : end]]
    else:
        parts = [lines[first][node.col_offset :], *lines[first + 1 : last], lines[last][:end]]
    return " ".join(part.decode(errors="replace").partition("#")[0].strip() for part in parts).strip()[:_LONGEST]


def _number(text: str, values: Mapping[str, Dual]) -> float | None:
    try:
        return parse_number(text.strip("'\""))
    except NotANumber:
        pass
    try:
        cast = _CAST.fullmatch(text)
        inner = _number(cast[2].strip(), values) if cast is not None else None
        if cast is None or inner is None:
            return evaluate(parse(text), values).value
        return float(round(inner, int(cast[3])) if cast[3] else _CASTS[cast[1]](inner))
    except (ExpressionFault, ArithmeticError, ValueError, KeyError):
        return None
