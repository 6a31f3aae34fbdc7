"""Lines that make a tensor which a gradient is to reach, and those that make another of it which none does."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from grader.core.program.features.code_features import nodes_if_few
from grader.core.program.features.slip import Slip, first, loops
from grader.core.program.source import Source

_MAKERS = frozenset(
    {"tensor", "Tensor", "FloatTensor", "Variable", "ones", "zeros", "rand", "randn", "full", "as_tensor"}
)


def no_leaf(source: Source) -> Slip | None:
    """Return where a name gets what is worked out from a tensor that requires a gradient."""
    bound = list(_bound(nodes_if_few(source)))
    leaves = {name for _, name, value in bound if _makes_leaf(value)}
    asked = {
        node.value.id
        for node in nodes_if_few(source)
        if isinstance(node, ast.Attribute) and node.attr == "grad" and isinstance(node.value, ast.Name)
    }
    return first(
        Slip(line, name)
        for line, name, value in bound
        if _is_worked_out(value, leaves if name in asked - leaves else set())
    )


def wrapped_anew(source: Source) -> Slip | None:
    """Return where a loop makes a new tensor that requires a gradient, out of a value that was worked out."""
    return first(Slip(call.lineno) for loop in loops(source) for call in _made_anew(loop))


def is_maker(call: ast.Call) -> bool:
    """Whether a call makes a tensor of what it is given, as far as its name says."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in _MAKERS


def _made_anew(loop: ast.AST) -> Iterator[ast.Call]:
    made = {name: value for _, name, value in _bound(ast.walk(loop)) if isinstance(value, ast.Call)}
    for node in ast.walk(loop):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Call() as call, attr="requires_grad_")):
                pass
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id=name), attr="requires_grad")],
                value=ast.Constant(value=True),
            ) if name in made:
                call = made[name]
            case ast.Call() if _requires_gradient(node):
                call = node
            case _:
                continue
        if is_maker(call) and call.args and any(isinstance(each, ast.Name) for each in ast.walk(call.args[0])):
            yield call


def _bound(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str, ast.expr]]:
    for node in nodes:
        if isinstance(node, ast.Assign):
            yield from ((node.lineno, each.id, node.value) for each in node.targets if isinstance(each, ast.Name))


def _is_worked_out(value: ast.expr, leaves: set[str]) -> bool:
    match value:
        case ast.BinOp(left=left, right=right):
            return any(_is_leaf(each, leaves) for side in (left, right) for each in ast.walk(side))
        case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name not in ("requires_grad_", "retain_grad"):
            return any(_is_leaf(each, leaves) for each in ast.walk(inner))
        case _:
            return False


def _is_leaf(node: ast.AST, leaves: set[str]) -> bool:
    return _makes_leaf(node) or (isinstance(node, ast.Name) and node.id in leaves)


def _makes_leaf(node: ast.AST) -> bool:
    tracked = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "requires_grad_"
    return tracked or (isinstance(node, ast.Call) and _requires_gradient(node))


def _requires_gradient(call: ast.Call) -> bool:
    asks = any(each.arg == "requires_grad" and getattr(each.value, "value", None) is True for each in call.keywords)
    return asks and is_maker(call)
