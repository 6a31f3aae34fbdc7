"""What of a program runs where some of its names are asked for: these, and all that they need of the program."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from grader.core.program.names.names import DEFINITIONS, Names, nodes_in
from grader.core.program.parsing import UNREADABLE, parsed

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LITERAL = (ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.UnaryOp, ast.unaryop, ast.expr_context)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_COMPOUND = (ast.If, ast.Match, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.ExceptHandler, ast.match_case)


class Held:
    """A program, and what of it runs.

    Args:
        starter: what students began with; functions and classes that are as they were there are not theirs.
    """

    def __init__(self, tree: ast.Module, names: Names, starter: str) -> None:
        self._tree = tree
        self._names = names
        self._given = _given(starter)
        self._needed: dict[int, set[str]] = {}
        self._bindings: dict[str, list[ast.AST]] = {}
        statements = list(_simple(tree.body))
        own = {name for each in statements for name in _bound_by(each)}
        for statement in statements:
            changed = set(_changed_by(statement))
            # torch.backends.cudnn.deterministic = True is no part of what reads torch; math.helper = f is.
            changed = changed & own if _says_a_literal(statement) else changed
            for name in dict.fromkeys([*_bound_by(statement), *sorted(changed)]):
                self._bindings.setdefault(name, []).append(statement)

    def asked(self, roots: Iterable[str] | None) -> list[ast.AST]:
        """Return the statements of the top level behind names; of None, all of the program."""
        if roots is None:
            return list(self._tree.body)
        return sorted(
            self.reached(roots), key=lambda each: (getattr(each, "lineno", 0), getattr(each, "col_offset", 0))
        )

    def reached(self, roots: Iterable[str]) -> Iterator[ast.AST]:
        """Yield the statements of the top level behind names, each once."""
        ahead = list(roots)
        named, found = set(ahead), set[int]()
        while ahead:
            for statement in self._bindings.get(ahead.pop(), ()):
                if id(statement) not in found:
                    found.add(id(statement))
                    yield statement
                    more = self._needs(statement) - named
                    named |= more
                    ahead.extend(more)

    def definitions(self) -> list[str]:
        """Return the names of all functions and classes at the top level."""
        return [name for name, each in self._bindings.items() if any(isinstance(one, DEFINITIONS) for one in each)]

    def is_given(self, statement: ast.AST) -> bool:
        """Whether it is a function or class as the starter has it."""
        return isinstance(statement, DEFINITIONS) and self._given.get(statement.name) == ast.dump(statement)

    def _needs(self, statement: ast.AST) -> set[str]:
        """Return the names of the top level that a statement reads."""
        if id(statement) not in self._needed:
            names = (node for node in nodes_in(statement) if isinstance(node, ast.Name))
            of_module = (each.id for each in names if self._names.scope(each).of(each.id) is self._names.module)
            self._needed[id(statement)] = set(of_module)
        return self._needed[id(statement)]

    def recursion(self, statements: Iterable[ast.AST]) -> ast.AST | None:
        """Return the first place at which a function comes back to itself, by functions of its own or not."""
        functions = [node for each in statements for node in nodes_in(each) if isinstance(node, FUNCTIONS)]
        classes = [node for node in nodes_in(self._tree) if isinstance(node, ast.ClassDef)]
        methods = {id(one): node for node in classes for one in node.body}
        uses = {id(each): list(self._uses(each, methods)) for each in functions}
        return _comes_back(functions, uses)

    def _uses(self, function: ast.AST, methods: Mapping[int, ast.ClassDef]) -> Iterator[tuple[ast.AST, ast.AST]]:
        own = methods.get(id(function))
        for node in nodes_in(function):
            match node:
                case ast.Name(ctx=ast.Load()):
                    yield from ((node, each) for each in self._names.definitions(node) if isinstance(each, FUNCTIONS))
                case ast.Attribute(value=ast.Name(id=owner), attr=name) if own and owner in ("self", "cls", own.name):
                    yield from ((node, each) for each in own.body if isinstance(each, FUNCTIONS) and each.name == name)


def _comes_back(functions: Iterable[ast.AST], uses: Mapping[int, list[tuple[ast.AST, ast.AST]]]) -> ast.AST | None:
    """Return where a walk along what functions use first comes to one that it is still in; each is walked once."""
    done: set[int] = set()
    for function in functions:
        within = {id(function)}
        way = [(function, iter(uses.get(id(function), ())))]
        while way and id(function) not in done:
            at, ahead = way[-1]
            place, used = next(ahead, (None, at))
            if place is None:
                way.pop()
                within.discard(id(at))
                done.add(id(at))
            elif id(used) in within:
                return place
            elif id(used) not in done:
                within.add(id(used))
                way.append((used, iter(uses.get(id(used), ()))))
    return None


def _simple(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield what binds names where only definitions run: statements that are in no loop, and heads of others."""
    for statement in body:
        match statement:
            case ast.If(test=head) | ast.match_case(guard=ast.expr() as head):
                yield head
            case ast.With(items=heads) | ast.AsyncWith(items=heads):
                yield from heads
            case ast.Match(subject=subject, cases=cases):
                # A pattern binds parts of the subject.
                yield ast.Tuple([subject, *(each.pattern for each in cases)])  # type: ignore[list-item]
        if isinstance(statement, _COMPOUND):
            for block in _BLOCKS:
                yield from _simple(getattr(statement, block, ()))
        else:
            yield statement


def _bound_by(statement: ast.AST) -> Iterator[str]:
    """Yield the names that a statement or head binds."""
    if type(statement).__name__ == "TypeAlias":
        # New in Python 3.12. Its value is computed only when somebody asks for it.
        yield from (node.id for node in nodes_in(statement) if isinstance(node, ast.Name) and _stored(node))
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            for node in nodes_in(statement):
                if isinstance(node, ast.Global):
                    yield from node.names
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Expr() | ast.expr() | ast.withitem():
            for node in nodes_in(statement):
                match node:
                    case (
                        ast.Name(id=name, ctx=ast.Store()) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name))
                    ):
                        yield name
                    case ast.MatchMapping(rest=str(name)):
                        yield name


def _changed_by(statement: ast.AST) -> Iterator[str]:
    """Yield the names of which a statement or head changes an attribute or an item."""
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.expr | ast.withitem):
        for node in nodes_in(statement):
            if isinstance(node, ast.Attribute | ast.Subscript) and _stored(node):
                yield from _root(node)


def _stored(node: ast.Name | ast.Attribute | ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Store)


def _says_a_literal(statement: ast.AST) -> bool:
    """Whether a statement sets something to numbers, words or truth values written out."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return False
    return all(isinstance(node, _LITERAL) for node in nodes_in(statement.value))


def _root(place: ast.expr) -> Iterator[str]:
    while isinstance(place, ast.Attribute | ast.Subscript):
        place = place.value
    if isinstance(place, ast.Name):
        yield place.id


def _given(starter: str) -> dict[str, str]:
    try:
        tree = parsed(starter)
    except UNREADABLE:
        return {}
    return {each.name: ast.dump(each) for each in tree.body if isinstance(each, DEFINITIONS)}
