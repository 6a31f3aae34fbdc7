"""Where in a program a named idea stands: the loop that lacks zero_, the line that updates the wrong way.

The name is already known to be true; the text only says which line it is about. Where the text has more than one such
line, or none, nothing is said: a mark at the wrong line is worse than none.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from grader.core.program.features.code_features import (
    LineRole,
    nodes_if_few,
    return_in_loop,
    role_of,
    uncalled_item,
)
from grader.core.program.features.showing import only_shows
from grader.core.program.source import Source

_Loop = ast.For | ast.AsyncFor | ast.While
# No program of a course has more, and each is looked up in the whole tree.
_MOST_STATEMENTS = 400
_MOST_CALLS = 20


def line_of_cause(source: Source, name: str) -> int:
    """Return the line of the whole text that a named misconception is about, counted from 1; 0 where none is known.

    Args:
        name: of the misconception, as reports have it.
    """
    find = _LINES.get(name)
    return 0 if find is None else find(source)


def _loop_of_backward(source: Source) -> int:
    """Return the innermost loop around the backward calls, where they all have the same one."""
    nodes = nodes_if_few(source)
    calls = [node.lineno for node in nodes if _is_backward(node)]  # type: ignore[attr-defined]
    loops = [(node.lineno, node.end_lineno or 0) for node in nodes if isinstance(node, _Loop)]
    if not 0 < len(calls) <= _MOST_CALLS:
        return 0
    inner = {max((first for first, last in loops if first <= call <= last), default=0) for call in calls}
    return inner.pop() if len(inner) == 1 else 0


def _is_backward(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "backward"


def _with_role(role: LineRole) -> Callable[[Source], int]:
    """Return what finds the only line of a role."""

    def find(source: Source) -> int:
        lines = [line for line in _statements(source) if role_of(source, line) is role]
        return lines[0] if len(lines) == 1 else 0

    return find


def _statements(source: Source) -> Iterator[int]:
    """Yield the lines on which statements begin that do something; none of a program with very many."""
    found = {node.lineno for node in nodes_if_few(source) if isinstance(node, ast.stmt) and _does_something(node)}
    yield from sorted(found) if len(found) <= _MOST_STATEMENTS else ()


def _does_something(statement: ast.stmt) -> bool:
    """Whether a statement holds no others and does not only show.

    An optimizer's step is right wherever it is; what was wrong is how the optimizer was made.
    """
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="step"))):
            return False
        case _:
            return not hasattr(statement, "body") and not only_shows(statement)


def _backward_again(source: Source) -> int:
    """Return the last of several backward calls."""
    lines = sorted({node.lineno for node in nodes_if_few(source) if _is_backward(node)})  # type: ignore[attr-defined]
    return lines[-1] if len(lines) > 1 else 0


def _given_by_loss(source: Source) -> int:
    """Return the only line that says what the only function called `loss` gives."""
    made = [node for node in nodes_if_few(source) if isinstance(node, ast.FunctionDef) and node.name == "loss"]
    if len(made) != 1:
        return 0
    given = [node.lineno for node in ast.walk(made[0]) if isinstance(node, ast.Return)]
    return given[0] if len(given) == 1 else 0


_LINES: Mapping[str, Callable[[Source], int]] = {
    **dict.fromkeys(("gradient-not-zeroed", "accumulated", "zeroed-once-per-epoch"), _loop_of_backward),
    "zeroed-before-backward": _with_role(LineRole.ZEROING),
    **dict.fromkeys(
        ("update-sign", "updated-with-loss", "leaf-rebound", "leaf-updated-in-place"), _with_role(LineRole.UPDATE)
    ),
    **dict.fromkeys(("loss-not-squared", "loss-absolute", "target-forgotten"), _given_by_loss),
    "backward-twice": _backward_again,
    "item-not-called": uncalled_item,
    "returned-in-loop": return_in_loop,
}
