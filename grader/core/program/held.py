"""What of a program runs where some of its names are asked for: these, and all that they need of the program."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from grader.core.program.names import DEFINITIONS, Names, nodes_in

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_COMPOUND = (ast.If, ast.Try, ast.With, ast.AsyncWith)


class Held:
    """A program, and what of it runs.

    Args:
        starter: what students began with; functions and classes that are as they were there are not theirs.
    """

    def __init__(self, tree: ast.Module, names: Names, starter: str) -> None:
        self._tree = tree
        self._names = names
        self._given = _given(starter)
        self._bindings: dict[str, list[ast.AST]] = {}
        for statement in _simple(tree.body):
            for name in _bound_by(statement):
                self._bindings.setdefault(name, []).append(statement)

    def asked(self, roots: Iterable[str] | None) -> list[ast.AST]:
        """Return the statements of the top level behind names; of None, all of the program."""
        if roots is None:
            return list(self._tree.body)
        found: dict[int, ast.AST] = {}
        ahead = list(roots)
        seen: set[str] = set()
        while ahead:
            name = ahead.pop()
            if name in seen:
                continue
            seen.add(name)
            for statement in self._bindings.get(name, ()):
                found[id(statement)] = statement
                ahead.extend(self._needs(statement))
        return sorted(found.values(), key=lambda each: (getattr(each, "lineno", 0), getattr(each, "col_offset", 0)))

    def definitions(self) -> list[str]:
        """Return the names of all functions and classes at the top level."""
        return [name for name, each in self._bindings.items() if any(isinstance(one, DEFINITIONS) for one in each)]

    def is_given(self, statement: ast.AST) -> bool:
        """Whether it is a function or class as the starter has it."""
        return isinstance(statement, DEFINITIONS) and self._given.get(statement.name) == ast.dump(statement)

    def _needs(self, statement: ast.AST) -> Iterator[str]:
        for node in nodes_in(statement):
            if isinstance(node, ast.Name) and self._names.scope(node).of(node.id) is self._names.module:
                yield node.id

    def recursion(self, statements: Iterable[ast.AST]) -> ast.AST | None:
        """Return the first place at which a function comes back to itself, by functions of its own or not."""
        functions = [node for each in statements for node in nodes_in(each) if isinstance(node, FUNCTIONS)]
        classes = [node for node in nodes_in(self._tree) if isinstance(node, ast.ClassDef)]
        methods = {id(one): node for node in classes for one in node.body}
        uses = {id(each): list(self._uses(each, methods)) for each in functions}
        for function in functions:
            for place, used in uses[id(function)]:
                if _leads_to(used, function, uses):
                    return place
        return None

    def _uses(self, function: ast.AST, methods: Mapping[int, ast.ClassDef]) -> Iterator[tuple[ast.AST, ast.AST]]:
        own = methods.get(id(function))
        for node in nodes_in(function):
            match node:
                case ast.Name(ctx=ast.Load()):
                    yield from ((node, each) for each in self._names.definitions(node) if isinstance(each, FUNCTIONS))
                case ast.Attribute(value=ast.Name(id=owner), attr=name) if own and owner in ("self", "cls", own.name):
                    yield from ((node, each) for each in own.body if isinstance(each, FUNCTIONS) and each.name == name)


def _leads_to(first: ast.AST, goal: ast.AST, uses: Mapping[int, list[tuple[ast.AST, ast.AST]]]) -> bool:
    ahead, seen = [first], set[int]()
    while ahead:
        node = ahead.pop()
        if node is goal:
            return True
        if id(node) not in seen:
            seen.add(id(node))
            ahead.extend(used for _, used in uses.get(id(node), ()))
    return False


def _simple(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the statements that bind names where only definitions run: not those in loops."""
    for statement in body:
        if isinstance(statement, (*_COMPOUND, ast.ExceptHandler)):
            for block in _BLOCKS:
                yield from _simple(getattr(statement, block, ()))
        else:
            yield statement


def _bound_by(statement: ast.AST) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Expr():
            for node in nodes_in(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def _given(starter: str) -> dict[str, str]:
    try:
        tree = ast.parse(starter)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {each.name: ast.dump(each) for each in tree.body if isinstance(each, DEFINITIONS)}
