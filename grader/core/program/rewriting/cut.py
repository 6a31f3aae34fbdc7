"""A program up to the statement that raised: what it had done by then, and nothing of that statement.

A main guard is opened, and a function that a statement calls and nobody else does: there the statements of its body
are looked at. A loop is not, so what one round of it did is never cut off from the round that raised.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.core.program.parsing import UNREADABLE, parsed


@dataclass(frozen=True)
class _Edit:
    """Bytes of the text from one place to another, and what takes their place."""

    start: int
    end: int
    instead: bytes


def until_raised(text: str, way: Sequence[int]) -> str | None:
    """Return a program without the statement that raised and what follows it.

    Args:
        way: the lines on the way to the exception, the outermost first.

    Returns:
        None where the program has no such statement, or nothing before it.
    """
    try:
        tree = parsed(text, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except UNREADABLE:
        return None
    content = text.encode()
    edits = list(_Cutter(tree, content).edits(tree.body, list(way), b""))
    if not edits or any(edit.start == 0 for edit in edits):
        return None
    for edit in sorted(edits, key=lambda edit: -edit.start):
        content = content[: edit.start] + edit.instead + content[edit.end :]
    return content.decode()


class _Cutter:
    def __init__(self, tree: ast.Module, content: bytes) -> None:
        self._tree = tree
        self._lines = [0]
        for line in content.split(b"\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def edits(self, body: list[ast.stmt], way: list[int], instead: bytes) -> Iterator[_Edit]:
        """Yield what cuts off the rest of a body from the statement on that raised."""
        raising = next((each for each in body if way and _first_line(each) <= way[0] <= _last_line(each)), None)
        if raising is None:
            return
        end = self._end(body[-1])
        inner, further, nothing = self._opened(raising, way)
        if any(_first_line(each) <= line <= _last_line(each) for line in further[:1] for each in inner):
            yield from self.edits(inner, further, nothing)
            if raising is not body[-1]:
                yield _Edit(self._end(raising), end, b"")
        else:
            yield _Edit(self._start(raising), end, instead)

    def _opened(self, statement: ast.stmt, way: list[int]) -> tuple[list[ast.stmt], list[int], bytes]:
        """Return the body that a statement leads to, the lines from there on, and what does nothing in it."""
        if is_main_guard(statement):
            assert isinstance(statement, ast.If)
            return statement.body, way, b"pass"
        called = self._only_called_by(statement)
        return (called.body, way[1:], b"return") if called is not None else ([], [], b"")

    def _only_called_by(self, statement: ast.stmt) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the function of this file that a statement calls, where it is called nowhere else."""
        value = getattr(statement, "value", None)
        call = value.value if isinstance(value, ast.Await) else value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return None
        name = call.func.id
        used = [each for each in ast.walk(self._tree) if isinstance(each, ast.Name) and each.id == name]
        made = [each for each in self._tree.body if getattr(each, "name", None) == name]
        function = made[0] if len(made) == 1 and len(used) == 1 else None
        return function if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) else None

    def _start(self, statement: ast.stmt) -> int:
        # Decorators are on lines of their own, above and indented alike.
        return self._lines[_first_line(statement) - 1] + statement.col_offset

    def _end(self, statement: ast.stmt) -> int:
        assert statement.end_lineno is not None and statement.end_col_offset is not None
        return self._lines[statement.end_lineno - 1] + statement.end_col_offset


def is_main_guard(statement: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":` without an else."""
    match statement:
        case ast.If(
            test=ast.Compare(
                left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]
            ),
            orelse=[],
        ):
            return True
        case _:
            return False


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _last_line(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno
