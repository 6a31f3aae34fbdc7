"""Records every value that a name is bound to, at top level and in functions, by instrumenting the syntax tree."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.statements import Pass
from grader.sandbox.inside.program.values import is_tensor, put, tensor_numbers
from grader.sandbox.inside.recorders.recorder import RunRecorder

# No program can spell this name, and it lives among the builtins, not in the submission's namespace.
_HOOK = "<record>"
_MOST = 20_000


class StoreRecorder(RunRecorder):
    """The values that the name wanted was bound to; equal neighbours count once, what is not a number counts as NaN."""

    def __init__(self, wanted: Any) -> None:
        super().__init__(wanted)
        self.values: list[float] = []

    def passes(self) -> tuple[Pass, ...]:
        return (_instrumenting(self.wanted),)

    def start(self) -> None:
        setattr(builtins, _HOOK, self._record)

    def as_sent(self, _names: Mapping[str, Any], blocks: Blocks) -> Any:
        return put(np.array(self.values), blocks)

    def _record(self, value: object) -> object:
        number = _one_number(value)
        if len(self.values) < _MOST and not (self.values and self.values[-1] == number):
            self.values.append(number)
        return value


# One and the same pass for a name, so that a child compiles once what it runs several times.
@lru_cache(maxsize=1)
def _instrumenting(name: str) -> Pass:
    return partial(_instrumented, name=name)


def _instrumented(tree: ast.Module, name: str) -> ast.Module:
    """Return `tree`, changed in place, with a record behind each statement that binds or changes the name."""
    _Instrument(name).visit(tree)
    return ast.fix_missing_locations(tree)


def _one_number(value: object) -> float:
    try:
        if is_tensor(value):
            numbers = tensor_numbers(value)
            return float(numbers.reshape(-1)[0]) if numbers is not None and numbers.size == 1 else float("nan")
        if isinstance(value, np.ndarray):
            return float(value.reshape(-1)[0]) if value.size == 1 else float("nan")
        if isinstance(value, list | tuple) and len(value) == 1:
            return _one_number(value[0])
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return float("nan")


class _Instrument(ast.NodeTransformer):
    def __init__(self, name: str) -> None:
        self._name = name

    def visit(self, node: ast.AST) -> Any:
        self.generic_visit(node)
        if isinstance(node, ast.NamedExpr) and node.target.id == self._name:
            node.value = ast.Call(ast.Name(_HOOK, ast.Load()), [node.value], [])
        for body in ("body", "orelse", "finalbody"):
            statements = getattr(node, body, None)
            if isinstance(statements, list) and statements and isinstance(statements[0], ast.stmt):
                setattr(node, body, self._with_records(node, body, statements))
        return node

    def _with_records(self, owner: ast.AST, body: str, statements: list[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        if body == "body" and self._bound_by_head(owner):
            result.append(self._record(statements[0]))
        for statement in statements:
            result.append(statement)
            if self._binds(statement):
                result.append(self._record(statement))
        return result

    def _bound_by_head(self, owner: ast.AST) -> bool:
        if isinstance(owner, ast.For | ast.AsyncFor):
            return self._targets(owner.target)
        if isinstance(owner, ast.With | ast.AsyncWith):
            return any(item.optional_vars is not None and self._targets(item.optional_vars) for item in owner.items)
        return False

    def _binds(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Assign(targets=targets):
                return any(self._targets(target) for target in targets)
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
                return self._targets(target)
            case _:
                return False

    def _targets(self, target: ast.expr) -> bool:
        match target:
            case ast.Name(id=name):
                return name == self._name
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return any(self._targets(part) for part in parts)
            case ast.Starred(value=inner) | ast.Subscript(value=inner) | ast.Attribute(value=inner):
                return self._targets(inner)
            case _:
                return False

    def _record(self, beside: ast.stmt) -> ast.stmt:
        call = ast.Call(ast.Name(_HOOK, ast.Load()), [ast.Name(self._name, ast.Load())], [])
        return ast.copy_location(ast.Expr(call), beside)
