"""Reads which names may hold what a given name holds."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from grader.sandbox.inside.program.given_names.writes import FUNCTIONS, loads

_CARRYING = frozenset({ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.Call})


def carriers_of(nodes: Collection[ast.AST], names: frozenset[str]) -> frozenset[str]:
    """Return the names that may hold what a given name holds, or hold something that does: a reading, too wide.

    Args:
        nodes: all of the program's.
    """
    steps = [*_flows(nodes)]
    found = names
    for _ in range(len(steps) + 1):
        more = found.union(*(to for of, to in steps if of & found))
        if more == found:
            break
        found = more
    return found - names


def _flows(nodes: Collection[ast.AST]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Yield from which names what they hold goes to which others."""
    functions: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, FUNCTIONS):
            parameters = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
            functions.setdefault(node.name, set()).update(parameters)
    for node in nodes:
        if type(node) not in _CARRYING:
            continue
        match node:
            case ast.Assign(value=value, targets=targets):
                to = _roots(targets)
                yield loads(value), to
                # x_soat = table["x"]: who writes to the table writes to both.
                yield to, _roots(each for each in ast.walk(value) if isinstance(each, ast.Name))
            case ast.AnnAssign(value=ast.expr() as value, target=target) | ast.NamedExpr(value=value, target=target):
                yield loads(value), _roots([target])
            case ast.For(iter=value, target=target):
                yield loads(value), _roots([target])
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=keywords):
                if name in functions:
                    passed = frozenset[str]().union(*map(loads, [*args, *(each.value for each in keywords)]))
                    yield passed, frozenset(functions[name])


def _roots(expressions: Iterable[ast.expr]) -> frozenset[str]:
    return frozenset(
        each.id for expression in expressions for each in ast.walk(expression) if isinstance(each, ast.Name)
    )
