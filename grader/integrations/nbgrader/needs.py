"""What some cells of a notebook use of others: the imports, functions, classes and assignments that bind it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_DEFERRED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Definition:
    """A statement at the top level of a cell: what it binds, what it uses, and its lines, counted from 1."""

    cell: int
    names: frozenset[str]
    uses: frozenset[str]
    lines: range


def definitions(cell: int, tree: ast.Module) -> Iterator[Definition]:
    """Yield what a cell defines. A loop or a condition defines nothing that another exercise could rely on."""
    for statement in tree.body:
        names = frozenset(_bound(statement))
        if names:
            first = min(node.lineno for node in (statement, *getattr(statement, "decorator_list", ())))
            uses = frozenset(name for name, _ in _loads(statement)) - names
            yield Definition(cell, names, uses, range(first, (statement.end_lineno or first) + 1))


def used(trees: list[ast.Module]) -> set[str]:
    """Return the names that these cells use before they bind them; a function may use what is bound below it."""
    bound: set[str] = set()
    now: set[str] = set()
    later: set[str] = set()
    for statement in (statement for tree in trees for statement in tree.body):
        for name, deferred in _loads(statement):
            (later if deferred else now).update({name} - (set() if deferred else bound))
        bound |= _binds(statement)
    return now | (later - bound)


def pulled(wanted: set[str], before: int, known: list[Definition]) -> Mapping[int, set[int]]:
    """Return the lines of other cells, by cell, that bind what is wanted and what that uses in turn.

    Of several the last one above the cell `before` counts, as in a notebook run from the top; else the first below.
    """
    lines: dict[int, set[int]] = {}
    bindings: dict[str, list[Definition]] = {}
    for each in known:
        for name in each.names:
            bindings.setdefault(name, []).append(each)
    open_names, seen = sorted(wanted), set(wanted)
    while open_names:
        binding = bindings.get(open_names.pop(), [])
        above = [each for each in binding if each.cell < before]
        for chosen in above[-1:] or binding[:1]:
            lines.setdefault(chosen.cell, set()).update(chosen.lines)
            new = chosen.uses - seen
            seen |= new
            open_names += sorted(new)
    return lines


def _binds(statement: ast.stmt) -> set[str]:
    """Return what a statement binds at the top level, in loops and conditions too."""
    return {*_bound(statement), *(() if isinstance(statement, _DEFERRED) else _stored(statement))}


def _bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in names)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign() | ast.AnnAssign(value=ast.expr()):
            yield from _stored(statement)


def _stored(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name


def _loads(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield each name that is read, and whether only when a function is called."""
    # No recursion: a student's expression may be nested as deeply as Python reads.
    open_nodes: list[tuple[ast.AST, bool]] = [(node, False)]
    while open_nodes:
        each, deferred = open_nodes.pop()
        match each:
            case ast.Name(id=name, ctx=ast.Load()) | ast.AugAssign(target=ast.Name(id=name)):
                yield name, deferred
        inside = deferred or isinstance(each, _DEFERRED)
        open_nodes += [(child, inside) for child in ast.iter_child_nodes(each)]
