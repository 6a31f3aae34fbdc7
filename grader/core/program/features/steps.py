"""The steps of a training as they are written: in which order backward(), the update and the zeroing of a step come.

A reading, never a proof: what is told of it, the run has to show as well.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from enum import Enum

from grader.core.program.features.code_features import nodes_if_few
from grader.core.program.features.slip import Slip, own
from grader.core.program.source import Source


class _Part(Enum):
    BACKWARD = "backward"
    ZEROING = "zeroing"
    UPDATE = "update"


_ZEROING = frozenset({"zero_", "zero_grad", "fill_"})
_CHANGING = frozenset({"step", "sub_", "add_", "copy_"})


def zeroed_before_update(source: Source) -> Slip | None:
    """Return where a step sets a gradient to zero after backward() and before the update that should use it."""
    for block in _blocks(source):
        parts = list(_parts(block))
        for place, (part, line) in enumerate(parts):
            before, after = ({each for each, _ in some} for some in (parts[:place], parts[place + 1 :]))
            if part is _Part.ZEROING and _Part.UPDATE in after and before & set(_Part) == {_Part.BACKWARD}:
                return Slip(line)
    return None


def updated_before_backward(source: Source) -> Slip | None:
    """Return where a loop makes its only update above its only backward() call."""
    for block in _blocks(source):
        parts = [each for each in _parts(block) if each[0] is not _Part.ZEROING]
        if isinstance(block, ast.For | ast.While) and [part for part, _ in parts] == [_Part.UPDATE, _Part.BACKWARD]:
            return Slip(parts[0][1])
    return None


def updated_twice(source: Source) -> Slip | None:
    """Return the second update of a step that makes two after one backward() call."""
    for block in _blocks(source):
        updates = [line for part, line in _parts(block) if part is _Part.UPDATE]
        if sum(part is _Part.BACKWARD for part, _ in _parts(block)) == 1 and len(updates) == 2:
            return Slip(updates[1])
    return None


def update_signs(source: Source, parameters: Collection[str]) -> frozenset[str]:
    """Return with which signs, + and -, a program changes its parameters, as far as that is written in one line."""
    return frozenset(sign for node in nodes_if_few(source) for sign in _sign(node, parameters))


def optimizer_elsewhere(source: Source, parameters: Collection[str]) -> Slip | None:
    """Return the optimizer that is given a list of names with none of the parameters; None where another has them."""
    given = [
        (Slip(node.lineno, node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id), names)
        for node in nodes_if_few(source)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute) and node.args
        if (names := _listed(node.args[0])) and any(each.arg == "lr" for each in node.keywords)
    ]
    if not given or any(names & set(parameters) for _, names in given):
        return None
    return given[0][0]


def gradient_of_result(source: Source, line: int) -> Slip | None:
    """Return what a line takes `.grad` of, where a loop works it out: only leaves keep their gradient."""
    loops = [node for node in nodes_if_few(source) if isinstance(node, ast.For | ast.While)]
    made = {
        target.id
        for loop in loops
        for node in ast.walk(loop)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.BinOp)
        for target in node.targets
        if isinstance(target, ast.Name) and "grad" not in set(_words(node.value))
    }
    return next(
        (
            Slip(line, node.value.id)
            for node in nodes_if_few(source)
            if isinstance(node, ast.Attribute) and node.attr == "grad" and node.lineno == line
            if isinstance(node.value, ast.Name) and node.value.id in made
        ),
        None,
    )


def not_zipped(source: Source, line: int) -> Slip | None:
    """Return a loop on a line that goes over several lists one after the other: `for x, y in xs, ys`."""
    return next(
        (
            Slip(line, ", ".join(each.id for each in node.iter.elts if isinstance(each, ast.Name)))
            for node in nodes_if_few(source)
            if isinstance(node, ast.For) and node.lineno == line
            if isinstance(node.iter, ast.Tuple) and isinstance(node.target, ast.Tuple)
            if len(node.iter.elts) > 1 and all(isinstance(each, ast.Name) for each in node.iter.elts)
        ),
        None,
    )


def uncalled_context(source: Source, line: int) -> Slip | None:
    """Return what a `with` on a line names without calling it: `with torch.no_grad:`."""
    items = (
        each.context_expr
        for node in nodes_if_few(source)
        if isinstance(node, ast.With) and node.lineno == line
        for each in node.items
    )
    return next((Slip(line, each.attr) for each in items if isinstance(each, ast.Attribute)), None)


def _blocks(source: Source) -> Iterator[ast.For | ast.While | ast.FunctionDef]:
    """Yield the loops and functions whose own lines call backward()."""
    for node in nodes_if_few(source):
        if isinstance(node, ast.For | ast.While | ast.FunctionDef) and any(
            part is _Part.BACKWARD for part, _ in _parts(node)
        ):
            yield node


def _parts(block: ast.For | ast.While | ast.FunctionDef) -> Iterator[tuple[_Part, int]]:
    for statement in own(block.body):
        part = _part_of(statement)
        if part is not None:
            yield part, statement.lineno


def _part_of(statement: ast.stmt) -> _Part | None:
    called = {
        node.func.attr
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    targets = [each for target in _targets(statement) for each in ast.walk(target)]
    if "backward" in called:
        return _Part.BACKWARD
    if called & _ZEROING or any(isinstance(each, ast.Attribute) and each.attr == "grad" for each in targets):
        return _Part.ZEROING
    if called & _CHANGING or (targets and "grad" in set(_words(statement))):
        return _Part.UPDATE
    return None


def _targets(statement: ast.AST) -> list[ast.expr]:
    match statement:
        case ast.Assign(targets=targets):
            return targets
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return [target]
        case _:
            return []


def _sign(node: ast.AST, parameters: Collection[str]) -> Iterator[str]:
    if not any(_root(target) in parameters for target in _targets(node)):
        return
    match node:
        case ast.AugAssign(op=ast.Add() | ast.Sub() as sign):
            yield "+" if isinstance(sign, ast.Add) else "-"
        case ast.Assign(value=ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign)) if _root(left) in parameters:
            yield "+" if isinstance(sign, ast.Add) else "-"


def _root(node: ast.AST) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _listed(node: ast.expr) -> frozenset[str]:
    """Return the names of a list that holds nothing else."""
    if not isinstance(node, ast.List | ast.Tuple):
        return frozenset()
    names = [each.id for each in node.elts if isinstance(each, ast.Name)]
    return frozenset(names) if len(names) == len(node.elts) else frozenset()


def _words(node: ast.AST) -> Iterator[str]:
    return (each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute))
