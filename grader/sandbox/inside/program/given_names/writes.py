"""Reads which things a statement writes to in place: appends, items, and names bound past the top level."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# An expression that leads to a thing: a name, or an attribute or a plain item of one.
Place = ast.expr
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

FILLING = frozenset({
    "append", "extend", "insert", "appendleft", "extendleft", "fill", "put", "itemset", "copy_", "fill_", "index_fill_",
    "index_copy_", "scatter_", "set_", "__setitem__", "__iadd__",
})  # fmt: skip
_TAKING = frozenset({"pop", "popleft"})


@dataclass(frozen=True)
class Write:
    """One thing that is written to: a given name, or whatever `place` leads to.

    `made` says that what is written was made of what was there.
    """

    name: str | None
    place: Place | None = None
    made: bool = False


def writes_of(statement: ast.stmt, names: frozenset[str], carriers: frozenset[str]) -> Iterator[Write]:
    """Yield what a simple statement fills: given names, and places that may lead to what those hold.

    What it makes of the numbers that are there already, as in x[i] = x[i] / 2, is not filling.
    """
    for place, values in _written(statement):
        root = root_of(place)
        if root in names and not _reworks(root, place, values):
            yield Write(root)
        elif root in carriers and (plain := _plain(_holder(place))) is not None and not _reworks(root, place, values):
            yield Write(None, plain)
    yield from (Write(name) for name in _past_the_top_level(statement) if name in names)


def loads(node: ast.AST) -> frozenset[str]:
    """Return the names that are read somewhere in a node."""
    return frozenset(
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    )


def adds_numbers(value: ast.expr, names: frozenset[str]) -> bool:
    """Whether an expression puts numbers of the program's own beside those in `names`, as x + [3.0] does.

    A shape that is asked of the data, as in x.reshape((3, 1)), and an index are no such numbers.
    """
    match value:
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return any(not loads(part) & names or adds_numbers(part, names) for part in parts)
        case ast.Call(func=ast.Attribute(value=inner)) if loads(inner) & names:
            return adds_numbers(inner, names)
        case ast.Subscript(value=inner):
            return adds_numbers(inner, names)
        case _:
            children = (each for each in ast.iter_child_nodes(value) if isinstance(each, ast.expr))
            return any(adds_numbers(each, names) for each in children)


def bound_by(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds itself, not those that statements in it bind."""
    match statement:
        case ast.Assign(targets=targets):
            pass
        case ast.AnnAssign(target=target, value=ast.expr()) | ast.AugAssign(target=target):
            targets = [target]
        case ast.For(target=target) | ast.AsyncFor(target=target):
            targets = [target]
        case ast.With(items=items) | ast.AsyncWith(items=items):
            targets = [item.optional_vars for item in items if item.optional_vars is not None]
        case _:
            targets = []
    for target in targets:
        yield from (
            each.id for each in ast.walk(target) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        )


def own_statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a block and of the blocks in it, but of no function or class in it."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            waiting.extend(ast.iter_child_nodes(node))


def _written(statement: ast.stmt) -> Iterator[tuple[ast.expr, list[ast.expr]]]:
    """Yield each place that a statement writes to in place, with what is written there."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            parts = [part for target in targets for part in _parts(target)]
            # x[i], x[j] = x[j], x[i] only puts them in another order.
            values = [value, *(part for part in parts if len(parts) > 1)]
            yield from ((part, [value] if len(parts) == 1 else values) for part in parts if not _is_name(part))
        case ast.AugAssign(target=target, value=value) if not _is_name(target):
            yield target, [target, value]
        case ast.AnnAssign(target=target, value=ast.expr() as value) if not _is_name(target):
            yield target, [value]
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Attribute(value=place, attr=method), args=args, keywords=keywords):
                if method in FILLING:
                    # Seen as an item, so that both kinds of writes have a place around what is written.
                    item = ast.Subscript(place, ast.Constant(None), ast.Store())
                    yield item, [*args, *(each.value for each in keywords)]


def _parts(target: ast.expr) -> Iterator[ast.expr]:
    match target:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _parts(part)
        case ast.Starred(value=inner):
            yield from _parts(inner)
        case _:
            yield target


def _is_name(target: ast.expr) -> bool:
    return isinstance(target, ast.Name)


def root_of(place: ast.expr) -> str:
    while isinstance(place, ast.Subscript | ast.Attribute):
        place = place.value
    return place.id if isinstance(place, ast.Name) else ""


def _holder(place: ast.expr) -> ast.expr:
    return place.value if isinstance(place, ast.Subscript | ast.Attribute) else place


def _plain(place: ast.expr) -> Place | None:
    """Return a copy of a place that can be looked up once more without doing anything; None of others."""
    match place:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(value=inner, attr=attribute) if (found := _plain(inner)) is not None:
            return ast.Attribute(found, attribute, ast.Load())
        case ast.Subscript(value=inner, slice=ast.Constant(value=key)) if (found := _plain(inner)) is not None:
            return ast.Subscript(found, ast.Constant(key), ast.Load())
        case _:
            return None


def _reworks(root: str, place: ast.expr, values: Iterable[ast.expr]) -> bool:
    """Whether what is written is made of what is in the same place, or of the whole."""
    return any(_reads(root, ast.dump(_loaded(place)), value) for value in values)


def _reads(root: str, item: str, node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name):
            return name == root
        case ast.Call(func=ast.Name(id="len" | "range")):
            return False
        case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _TAKING and root_of(inner) == root:
            return True
        case ast.Subscript() | ast.Attribute() if root_of(node) == root:
            if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
                return ast.dump(_loaded(node)) == item
            return True
        case _:
            return any(_reads(root, item, each) for each in ast.iter_child_nodes(node))


def _loaded(place: ast.expr) -> ast.expr:
    match place:
        case ast.Subscript(value=inner, slice=index):
            return ast.Subscript(_loaded(inner), index, ast.Load())
        case ast.Attribute(value=inner, attr=attribute):
            return ast.Attribute(_loaded(inner), attribute, ast.Load())
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case _:
            return place


def _past_the_top_level(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement writes into globals()."""
    spaces = [
        node
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("globals", "vars")
    ]
    if spaces:
        yield from (
            node.value for node in ast.walk(statement) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        yield from (node.arg for node in ast.walk(statement) if isinstance(node, ast.keyword) and node.arg)
