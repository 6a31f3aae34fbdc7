"""Where a tensor loses its gradient: its name goes to another one, or `.grad` is set to None.

A reading, never a proof: what is told of it, the run has to show as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from grader.core.program.features.code_features import nodes_if_few
from grader.core.program.features.slip import around, functions_of, is_backward
from grader.core.program.source import Source


def rebinds_in_loop(source: Source) -> bool:
    """Whether a loop or a function gives another tensor to something that has `.grad` somewhere in the program.

    `w -= …` leaves it the tensor that it is.
    """
    nodes = nodes_if_few(source)
    with_gradient = {_path(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr == "grad"}
    parts = [node for node in nodes if isinstance(node, ast.For | ast.While | ast.FunctionDef)]
    inside = [each for part in parts for each in ast.walk(part)]
    changed = {id(each.target) for each in inside if isinstance(each, ast.AugAssign)}
    stored = (each for each in inside if isinstance(getattr(each, "ctx", None), ast.Store) and id(each) not in changed)
    return any(_path(each) in with_gradient for each in stored)


def reads_gradient(source: Source, line: int) -> bool:
    """Whether a line takes the gradient of something."""
    return any(_is_gradient(each) and each.lineno == line for each in nodes_if_few(source))


def gradient_dropped(source: Source, line: int) -> bool:
    """Whether a line takes a gradient that was set to None above it, with no backward() between the two."""
    nodes = nodes_if_few(source)
    wanted = {_path(each.value) for each in nodes if _is_gradient(each) and each.lineno == line}
    functions = functions_of(nodes)
    here = around(functions, line)
    dropped = max(
        (
            at
            for at, path in _drops(nodes)
            if at < line and (path is None or path in wanted) and around(functions, at) is here
        ),
        default=0,
    )
    ran = (node.lineno for node in nodes if isinstance(node, ast.Call) and is_backward(node))
    return bool(wanted and dropped) and not any(dropped < at < line for at in ran)


def _drops(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, tuple[str, ...] | None]]:
    """Yield the lines that set a gradient to None, and whose it is; None for those of all parameters."""
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=ast.Constant(value=None)):
                yield from ((node.lineno, _path(each.value)) for each in targets if _is_gradient(each))
            case ast.Call(func=ast.Attribute(attr="zero_grad"), args=[], keywords=more) if not any(
                isinstance(each.value, ast.Constant) and each.value.value is False for each in more
            ):
                yield node.lineno, None


def _is_gradient(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and node.attr == "grad"


def _path(node: ast.AST) -> tuple[str, ...]:
    """Return what tells two things apart that have values: `w`, `self.w` and `weights[0]`, say."""
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return (name, attribute)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=place)):
            return (name, repr(place))
        case _:
            return ("", str(id(node)))
