"""What the names of a program stand for: modules and what is in them, through aliases, rebindings and getattr.

A reading of the source. Bindings are taken together wherever in their scope they stand: a name stands for all that it
is ever bound to there. What cannot be told begins with `?`.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field

UNKNOWN = "?"
GLOBALS = "<globals>"
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Paths = frozenset[str]

_NOT_TOLD: Paths = frozenset({UNKNOWN})
_DEEPEST = 60
_MOST_PARTS = 12
_MOST_PATHS, _LONGEST = 16, 200
# What reads a dictionary.
_READS = ("get", "pop", "setdefault", "__getitem__")


@dataclass(eq=False)
class Scope:
    """A module, function, class or comprehension, and what is bound in it.

    Attributes:
        bound: by name: a dotted path, an expression, a definition of the program, or None for anything else.
        above: names that are said to be global or nonlocal.
    """

    node: ast.AST
    outer: Scope | None = None
    bound: dict[str, list[str | ast.AST | None]] = field(default_factory=dict)
    above: set[str] = field(default_factory=set)

    def bind(self, name: str, to: str | ast.AST | None) -> None:
        self.bound.setdefault(name, []).append(to)

    def of(self, name: str) -> Scope | None:
        """Return the scope that a name read here belongs to; None for one that the program does not bind."""
        scope: Scope | None = self
        while scope is not None:
            hidden = scope is not self and isinstance(scope.node, ast.ClassDef)
            if name in scope.bound and name not in scope.above and not hidden:
                return scope
            scope = scope.outer
        return None


class Names:
    """The scopes of a program, and what its expressions stand for."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(tree)
        self._scopes: dict[int, Scope] = {}
        self._stars: list[str] = []
        self._known: dict[tuple[int, str], Paths] = {}
        self._paths: dict[int, Paths] = {}
        self._texts: dict[int, str | None] = {}
        for node, scope in _with_scopes(tree, self.module):
            self._scopes[id(node)] = scope
            self._bind(node, scope)

    def scope(self, node: ast.AST) -> Scope:
        """Return the scope in which a node of the tree stands."""
        return self._scopes.get(id(node), self.module)

    def _bind(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Import(names=names):
                for each in names:
                    scope.bind(each.asname or each.name.partition(".")[0], _imported(each))
            case ast.ImportFrom(module=module, names=names, level=level):
                origin = UNKNOWN if level else f"{module}"
                for each in names:
                    if each.name == "*":
                        self._stars.append(origin)
                    else:
                        scope.bind(each.asname or each.name, f"{origin}.{each.name}")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                scope.bind(name, node)
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                scope.bind(name, None)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                scope.bind(name, None)
            case ast.Global(names=listed) | ast.Nonlocal(names=listed):
                scope.above |= set(listed)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind_target(target, value, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                self._bind_target(target, value, scope)
            case ast.Name(id=name, ctx=ast.Store()):
                place = self.module if name in scope.above else scope
                if name not in place.bound:
                    place.bind(name, None)

    def _bind_target(self, target: ast.expr, value: ast.expr, scope: Scope) -> None:
        match target, value:
            case ast.Name(id=name), _:
                place = self.module if name in scope.above else scope
                while isinstance(target, ast.Name) and isinstance(place.node, COMPREHENSIONS) and place.outer:
                    # A walrus binds outside of the comprehension that it is in.
                    place = place.outer
                place.bind(name, value)
            case ((ast.Tuple(elts=left) | ast.List(elts=left)), (ast.Tuple(elts=right) | ast.List(elts=right))):
                if len(left) == len(right):
                    for one, other in zip(left, right, strict=True):
                        self._bind_target(one, other, scope)

    def definitions(self, name: ast.Name) -> list[ast.AST]:
        """Return the functions and classes of the program that a name may be."""
        scope = self.scope(name).of(name.id)
        return [] if scope is None else [each for each in scope.bound[name.id] if isinstance(each, DEFINITIONS)]

    def paths(self, node: ast.AST, depth: int = 0) -> Paths:
        """Return the dotted paths that an expression may stand for, `?` where that cannot be told."""
        if depth > _DEEPEST:
            return _NOT_TOLD
        if id(node) not in self._paths:
            self._paths[id(node)] = self._paths_of(node, depth)
        return self._paths[id(node)]

    def _paths_of(self, node: ast.AST, depth: int) -> Paths:
        match node:
            case ast.Name(id=name):
                return self._of_name(name, self.scope(node), depth)
            case ast.Attribute(value=value, attr=name):
                return _attributes(self.paths(value, depth + 1), name)
            case ast.Call():
                return self._of_call(node, depth)
            case ast.Subscript(value=value, slice=key):
                return self._of_item(self.paths(value, depth + 1), self.text(key, depth), node)
            case ast.IfExp(body=one, orelse=other):
                return self.paths(one, depth + 1) | self.paths(other, depth + 1)
            case ast.BoolOp(values=values):
                return frozenset().union(*(self.paths(each, depth + 1) for each in values))
            case ast.NamedExpr(value=value):
                return self.paths(value, depth + 1)
            case _:
                return _NOT_TOLD

    def _of_name(self, name: str, at: Scope, depth: int) -> Paths:
        scope = at.of(name)
        if scope is None:
            outside = [*self._stars, *(["builtins"] if hasattr(builtins, name) or name == "__builtins__" else [])]
            return frozenset(f"{module}.{name}" for module in outside) or _NOT_TOLD
        key = id(scope), name
        if key not in self._known:
            # What a name is bound to by way of itself adds nothing.
            self._known[key] = _NOT_TOLD
            self._known[key] = _few(frozenset().union(*(self._of_origin(each, depth) for each in scope.bound[name])))
        return self._known[key]

    def _of_origin(self, origin: str | ast.AST | None, depth: int) -> Paths:
        if isinstance(origin, str):
            return frozenset({origin})
        return _NOT_TOLD if origin is None or isinstance(origin, DEFINITIONS) else self.paths(origin, depth + 1)

    def _of_call(self, call: ast.Call, depth: int) -> Paths:
        function = self.paths(call.func, depth + 1)
        match call:
            case ast.Call(func=ast.Attribute(value=value, attr=attr), args=[key, *_]):
                if attr == "__getattribute__":
                    return self._attribute_of(self.paths(value, depth + 1), key, depth)
                if attr in _READS and (holders := self.paths(value, depth + 1)) & dictionaries(holders):
                    return self._of_item(holders, self.text(key, depth), call)
        first = call.args[0] if call.args else None
        if "builtins.getattr" in function and len(call.args) > 1:
            return self._attribute_of(self.paths(call.args[0], depth + 1), call.args[1], depth)
        if first is not None and "builtins.vars" in function:
            return _attributes(self.paths(first, depth + 1), "__dict__")
        if first is not None and "functools.partial" in function:
            return self.paths(first, depth + 1)
        if function & {"builtins.globals", "builtins.locals", "builtins.vars"}:
            return frozenset({GLOBALS})
        module = self.text(first, depth) if first is not None else None
        if module and "importlib.import_module" in function:
            return frozenset({module})
        if module and "builtins.__import__" in function:
            return frozenset({module, module.partition(".")[0]})
        return _NOT_TOLD

    def _attribute_of(self, owners: Paths, key: ast.expr, depth: int) -> Paths:
        name = self.text(key, depth)
        return _NOT_TOLD if name is None else _attributes(owners, name)

    def _of_item(self, holders: Paths, key: str | None, at: ast.AST) -> Paths:
        """Return what stands under a key in dictionaries of modules and objects."""
        if key is None:
            return _NOT_TOLD
        found: set[str] = set()
        for holder in dictionaries(holders):
            if holder == GLOBALS:
                found |= self._of_name(key, self.scope(at), 0)
            elif holder == "sys.modules":
                found.add(key)
            else:
                found.add(f"{holder.removesuffix('.__dict__')}.{key}")
        return frozenset(found) or _NOT_TOLD

    def text(self, node: ast.AST, depth: int = 0) -> str | None:
        """Return the text that an expression is, whatever the program is given; None where it is not told."""
        if depth > _DEEPEST:
            return None
        if id(node) not in self._texts:
            found = self._text_of(node, depth)
            self._texts[id(node)] = found if found is None or len(found) <= _LONGEST else None
        return self._texts[id(node)]

    def _text_of(self, node: ast.AST, depth: int) -> str | None:
        match node:
            case ast.Constant(value=str(value)):
                return value
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                one, other = self.text(left, depth + 1), self.text(right, depth + 1)
                return None if one is None or other is None else one + other
            case ast.JoinedStr(values=values):
                parts = [self.text(each, depth + 1) for each in values]
                return None if None in parts else "".join(part or "" for part in parts)
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self.text(value, depth + 1)
            case ast.Name(id=name):
                scope = self.scope(node).of(name)
                bound = scope.bound[name] if scope is not None else []
                only = bound[0] if len(bound) == 1 else None
                return self.text(only, depth + 1) if isinstance(only, ast.expr) else None
            case _:
                return None


def dictionaries(paths: Paths) -> Paths:
    """Return those of these paths that are dictionaries of names."""
    return frozenset(each for each in paths if each in (GLOBALS, "sys.modules") or each.endswith(".__dict__"))


def nodes_in(top: ast.AST) -> Iterator[ast.AST]:
    """Yield `top` and what is within, in order, without annotations, which compute nothing.

    Not recursive: programs nest deeper than our stack.
    """
    ahead = [top]
    while ahead:
        node = ahead.pop()
        yield node
        ahead.extend(reversed(list(_inside(node))))


def _with_scopes(top: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    """Yield each node with the scope in which it stands."""
    ahead = [(top, scope)]
    while ahead:
        node, at = ahead.pop()
        yield node, at
        within = list(_inside(node))
        own = Scope(node, at) if isinstance(node, (*SCOPES, *COMPREHENSIONS)) else at
        if isinstance(node, ast.arguments):
            # Defaults are evaluated outside of the function.
            outer = at.outer or at
            ahead.extend((each, at if isinstance(each, ast.arg) else outer) for each in reversed(within))
        else:
            outside = set(map(id, _evaluated_outside(node)))
            ahead.extend((each, at if id(each) in outside else own) for each in reversed(within))


def _evaluated_outside(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("decorator_list", "bases", "keywords") if isinstance(node, DEFINITIONS) else ():
        yield from getattr(node, name, ())


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield each


def _imported(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.partition(".")[0]


def _attributes(owners: Paths, name: str) -> Paths:
    return _few(frozenset(f"{each}.{name}" if _is_told(each) else f"{UNKNOWN}.{name}" for each in owners))


def _is_told(path: str) -> bool:
    return not path.startswith(UNKNOWN) and path.count(".") < _MOST_PARTS


def _few(paths: Paths) -> Paths:
    return paths if len(paths) <= _MOST_PATHS else frozenset(sorted(paths)[:_MOST_PATHS]) | _NOT_TOLD
