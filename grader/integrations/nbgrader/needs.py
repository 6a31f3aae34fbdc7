"""What some cells of a notebook use of others: the imports, functions, classes and assignments that bind it."""

from __future__ import annotations

import ast
import builtins
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_DEFERRED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPOUND = (ast.If, ast.Try, ast.With)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
# What changes the object before the dot, and does nothing else that could be missed or go wrong elsewhere.
_CHANGING = frozenset({"append", "extend", "update", "add", "insert", "setdefault", "requires_grad_"})
# A star import binds what nobody knows before it runs.
_ANYTHING = "*"
# A cell's number, and a line in it.
Place = tuple[int, int]


@dataclass(frozen=True)
class Definition:
    """A statement at the top level of a cell.

    Attributes:
        names: what it binds or changes.
        uses: what it reads when it runs.
        later: what is read only when a function of it is called.
        lines: its lines, counted from 1.
        anew: whether what its names were before does not matter.
    """

    cell: int
    names: frozenset[str]
    uses: frozenset[str]
    later: frozenset[str]
    lines: range
    anew: bool

    @property
    def place(self) -> Place:
        return self.cell, self.lines.start


def definitions(cell: int, tree: ast.Module) -> Iterator[Definition]:
    """Yield what a cell defines. A loop defines nothing that another exercise could rely on: it may never end."""
    for statement in tree.body:
        bound, changed = frozenset(_bound(statement)), frozenset(_changed(statement))
        if bound or changed:
            first = min(node.lineno for node in (statement, *getattr(statement, "decorator_list", ())))
            loads = list(_loads(statement))
            uses = frozenset(name for name, deferred in loads if not deferred)
            later = frozenset(name for name, deferred in loads if deferred) - bound
            anew = bool(bound) and not isinstance(statement, _COMPOUND) and _ANYTHING not in bound
            # Only what binds its own names anew reads what they were before: lr = lr / 100. The others go with that.
            names = bound | changed
            lines = range(first, (statement.end_lineno or first) + 1)
            yield Definition(cell, names, uses if anew else uses - names, later, lines, anew)


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

    Of several, the last one above the cell `before` counts, as in a notebook run from the top, with what changes it
    from there on; where there is none, the first below. What a chosen line uses was made above that line.
    """
    bindings: dict[str, list[Definition]] = {}
    for each in sorted(known, key=lambda each: each.place):
        for name in each.names:
            bindings.setdefault(name, []).append(each)
    asking = (before, 0)
    lines: dict[int, set[int]] = {}
    open_names = [(name, asking) for name in sorted(wanted)]
    seen, taken = set(open_names), set[tuple[str, int]]()
    while open_names:
        name, place = open_names.pop()
        for chosen in _chosen(name, place, bindings, taken):
            lines.setdefault(chosen.cell, set()).update(chosen.lines)
            new = {(each, chosen.place) for each in chosen.uses} | {(each, asking) for each in chosen.later}
            open_names += sorted(new - seen)
            seen |= new
    return lines


def _chosen(
    name: str, place: Place, bindings: Mapping[str, Sequence[Definition]], taken: set[tuple[str, int]]
) -> Iterator[Definition]:
    """Yield the last definition of a name above a place, and what changes it between the two.

    Args:
        taken: which of a name's definitions were chosen before; they, and what they rest on, are not looked at again:
            a notebook can change one name in every line.
    """
    if name not in bindings and not hasattr(builtins, name):
        name = _ANYTHING
    known = bindings.get(name, ())
    at = bisect_left(known, place, key=lambda each: each.place) or min(len(known), 1)
    while at and (name, at) not in taken:
        taken.add((name, at))
        at -= 1
        yield known[at]
        if known[at].anew:
            return


def _binds(statement: ast.stmt) -> set[str]:
    """Return what a statement binds at the top level, in loops and conditions too."""
    return {*_bound(statement), *(() if isinstance(statement, _DEFERRED) else _stored(statement))}


def _bound(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in names)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign() | ast.AnnAssign(value=ast.expr()) | ast.Expr():
            yield from _stored(statement)
        case ast.If() | ast.Try() | ast.With():
            inside = _inside(statement)
            if not any(isinstance(each, _LOOPS) for each in inside):
                yield from (name for each in inside for name in (*_bound(each), *_changed(each)))


def _changed(statement: ast.stmt) -> Iterator[str]:
    """Yield what a statement changes, and does not bind anew: x += 1, x[0] = 1, x.y = 1, x.append(1)."""
    match statement:
        case ast.AugAssign(target=target):
            yield from _root(target)
        case ast.Assign(targets=targets):
            yield from (name for each in targets if not isinstance(each, ast.Name) for name in _root(each))
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method))) if method in _CHANGING:
            yield name


def _inside(statement: ast.stmt) -> list[ast.stmt]:
    """Return the statements in a condition and in those within it, without these themselves."""
    # No recursion: each elif stands within the one before it.
    found: list[ast.stmt] = []
    open_statements = [statement]
    while open_statements:
        each = open_statements.pop()
        if not isinstance(each, _COMPOUND):
            found.append(each)
            continue
        for part in (each, *getattr(each, "handlers", ())):
            for name in ("body", "orelse", "finalbody"):
                open_statements += getattr(part, name, ())
    return found


def _root(target: ast.expr) -> Iterator[str]:
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    if isinstance(target, ast.Name):
        yield target.id


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
        if isinstance(each, _DEFERRED):
            # Decorators, defaults and annotations are read where the function is made.
            now = [*getattr(each, "decorator_list", ()), each.args, getattr(each, "returns", None)]
            body = each.body if isinstance(each.body, list) else [each.body]
            open_nodes += [(child, deferred) for child in now if child is not None]
            open_nodes += [(child, True) for child in body]
        else:
            open_nodes += [(child, deferred) for child in ast.iter_child_nodes(each)]
