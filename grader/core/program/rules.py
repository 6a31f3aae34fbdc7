"""Which rules a program's source breaks, and where.

What the syntax tree does not tell, the box sees while the program runs; what neither could tell is refused as such.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader.core.course.checks.rules import RECURSION, SYNTAX, Rules, covers, full_name
from grader.core.program.kept import kept_for
from grader.core.program.names.held import FUNCTIONS, Held
from grader.core.program.names.names import COMPREHENSIONS, UNKNOWN, Names, dictionaries, nodes_in
from grader.core.program.source import Source
from grader.core.report.finding import Finding, finding

_MOST_TOLD = 5
_KINDS: dict[str, tuple[type[ast.AST], ...]] = {
    "operators": (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.AugAssign),
    "indexing": (ast.Subscript,),
    "loops": (ast.For, ast.AsyncFor, ast.While, *COMPREHENSIONS),
    "branches": (ast.If, ast.IfExp, ast.Match),
    "classes": (ast.ClassDef,),
    "imports": (ast.Import, ast.ImportFrom),
}
assert tuple(_KINDS) == SYNTAX
# What runs text, or leads to all that a program could reach: no reading of the source tells what comes of it.
_OBSCURE = (
    "builtins.exec",
    "builtins.eval",
    "builtins.compile",
    "builtins.__builtins__",
    "ctypes",
    "marshal",
    "types.CodeType",
    "types.FunctionType",
    ".__builtins__",
    ".__code__",
    ".__globals__",
    ".__subclasses__",
)
_BY_TEXT = ("operator.attrgetter", "operator.methodcaller")
_IMPORTERS = ("builtins.__import__", "importlib.import_module")


@dataclass(frozen=True)
class _Broken:
    """A rule that is broken at a node: the kind of finding, and what it says beside the place."""

    kind: str
    node: ast.AST
    name: str = ""


# A check is looked at more than once, and checks mostly have the same rules.
@lru_cache(maxsize=32)
def broken_rules(source: Source, rules: Rules, roots: tuple[str, ...] | None, starter: bytes) -> tuple[Finding, ...]:
    """Return what is said of each rule that a program breaks, at the first place where it does.

    Args:
        roots: the names of the program that are asked for; None where all of it runs, and () where any of its functions
            and classes may be.
        starter: what students began with. What they were given breaks no rule on syntax.
    """
    try:
        program = _program(source.text, starter.decode("utf-8", "replace"))
        found = list(program.broken(rules, roots))
    except RecursionError:
        return (finding("nested-too-deeply", file=source.filename),)
    told: dict[tuple[str, str], Finding] = {}
    for each in sorted(found, key=lambda one: getattr(one.node, "lineno", 0)):
        line = getattr(each.node, "lineno", 1)
        place = {**source.place(line), "code": source.line(line)}
        told.setdefault((each.kind, each.name), finding(each.kind, **place, name=each.name))
    return (*tuple(told.values())[:_MOST_TOLD], *program.too_long(source, rules, roots))


@kept_for(8)
def _program(text: str, starter: str) -> _Program:
    return _Program(text, starter)


class _Program:
    def __init__(self, text: str, starter: str) -> None:
        self.tree = ast.parse(text)
        self.names = Names(self.tree)
        self.held = Held(self.tree, self.names, starter)
        self._rules: dict[tuple[str, Rules], str] = {}

    def statements(self, roots: tuple[str, ...] | None) -> list[ast.AST]:
        return self.held.asked(self.held.definitions() if roots == () else roots)

    def broken(self, rules: Rules, roots: tuple[str, ...] | None) -> Iterator[_Broken]:
        if not rules.without and rules.only is None:
            return
        statements = self.statements(roots)
        own = [each for each in statements if not self.held.is_given(each)]
        for statement in statements:
            yield from self._without_names(statement, rules)
        for statement in own:
            yield from self._obscure(statement)
            yield from self._without_syntax(statement, rules)
            if rules.only is not None:
                yield from self._only(statement, rules.only)
        if "imports" in rules.without:
            imports = (node for node in nodes_in(self.tree) if isinstance(node, _KINDS["imports"]))
            yield from (_Broken("rule-imports", node) for node in imports)
        if RECURSION in rules.without and (place := self.held.recursion(own)) is not None:
            yield _Broken("rule-recursion", place)

    def too_long(self, source: Source, rules: Rules, roots: tuple[str, ...] | None) -> Iterator[Finding]:
        """Yield what is said of functions with too many statements, each with those of its own that it needs."""
        if rules.lines is None:
            return
        told = 0
        for root in roots or self.held.definitions():
            if told < _MOST_TOLD and self._count(root, rules.lines) > rules.lines:
                told += 1
                own = self._own([root])
                first = next((each for each in own if getattr(each, "name", "") == root), own[0])
                place = source.place(getattr(first, "lineno", 1))
                count = self._count(root)
                yield finding("rule-lines", **place, function=root, count=count, most=rules.lines)

    def _own(self, roots: Iterable[str]) -> list[ast.AST]:
        return [each for each in self.held.asked(roots) if not self.held.is_given(each)]

    def _count(self, root: str, enough: float = math.inf) -> int:
        """Return how many statements a name needs; where they are more than `enough`, no more are counted."""
        count = 0
        for each in self.held.reached([root]):
            count += 0 if self.held.is_given(each) else _length(each)
            if count > enough:
                break
        return count

    def _without_names(self, statement: ast.AST, rules: Rules) -> Iterator[_Broken]:
        if not rules.named:
            return
        for node in nodes_in(statement):
            for path in self._mentioned(node):
                rule = self._rule_for(path, rules)
                if rule:
                    yield _Broken(f"rule-{rule}", node) if rule in SYNTAX else _Broken("rule-without", node, rule)

    def _rule_for(self, path: str, rules: Rules) -> str:
        """Return the rule that forbids a path, empty for none."""
        key = path, rules
        if key not in self._rules:
            by_text = path.startswith(f"{UNKNOWN}.text.")
            broken = (
                rule
                for name, rule in rules.named.items()
                if covers(name, path) or (by_text and _ends_alike(name, path))
            )
            self._rules[key] = next(broken, "")
        return self._rules[key]

    def _mentioned(self, node: ast.AST) -> Iterable[str]:
        match node:
            case ast.Attribute(value=value) if self._is_own(value):
                return ()
            case ast.Name(ctx=ast.Load()) | ast.Attribute() | ast.Subscript(ctx=ast.Load()):
                return self.names.paths(node)
            case ast.Call(func=function, args=[key, *_]) if self.names.paths(function) & frozenset(_BY_TEXT):
                text = self.names.text(key)
                return () if text is None else (f"{UNKNOWN}.text.{text}",)
            case ast.Call():
                return self.names.paths(node)
            case _:
                return ()

    def _obscure(self, statement: ast.AST) -> Iterator[_Broken]:
        """Yield what could be anything, as far as the source tells."""
        called: set[int] = set()
        for node in nodes_in(statement):
            match node:
                case ast.Call(func=function):
                    called.add(id(function))
                    if name := self._asks_by_text(node):
                        yield _Broken("rule-unreadable", node, name)
                case ast.Assign(value=value):
                    called.add(id(value))
                case ast.Subscript(value=value, slice=key):
                    if self.names.text(key) is None and dictionaries(self.names.paths(value)):
                        yield _Broken("rule-unreadable", node, "[…]")
            paths = self._mentioned(node)
            if name := next((each for each in map(_obscure_name, paths) if each), ""):
                yield _Broken("rule-unreadable", node, name.rpartition(".")[2])
            elif "builtins.getattr" in paths and id(node) not in called:
                yield _Broken("rule-unreadable", node, "getattr")

    def _asks_by_text(self, call: ast.Call) -> str:
        """Return what reads a name that the source does not tell; empty for any other call."""
        function = self.names.paths(call.func)
        first = call.args[0] if call.args else None
        starred = any(isinstance(each, ast.Starred) for each in call.args)
        if "builtins.getattr" in function:
            if starred or len(call.args) < 2:
                return "getattr"
            told = self.names.text(call.args[1]) is not None
            return "" if told or self._is_own(call.args[0]) else "getattr"
        if function & frozenset((*_BY_TEXT, *_IMPORTERS)):
            return "" if first is not None and self.names.text(first) is not None else _word(call.func)
        match call.func:
            case ast.Attribute(value=value, attr=("get" | "pop" | "setdefault" | "__getitem__") as name):
                obscure = dictionaries(self.names.paths(value)) and (first is None or self.names.text(first) is None)
                return name if obscure else ""
            case ast.Attribute(attr="__getattribute__"):
                return "" if call.args and self.names.text(call.args[-1]) is not None else "__getattribute__"
        return ""

    def _is_own(self, node: ast.expr) -> bool:
        """Whether it is the object whose method this is: its attributes are the program's own."""
        return isinstance(node, ast.Name) and node.id in ("self", "cls") and self.names.paths(node) == {UNKNOWN}

    def _without_syntax(self, statement: ast.AST, rules: Rules) -> Iterator[_Broken]:
        words = [word for word in SYNTAX if word in rules.without and word != "imports"]
        for node in nodes_in(statement) if words else ():
            yield from (_Broken(f"rule-{word}", node) for word in words if isinstance(node, _KINDS[word]))

    def _only(self, statement: ast.AST, only: tuple[str, ...]) -> Iterator[_Broken]:
        allowed = [full_name(name) for name in only if name not in SYNTAX]
        within: set[int] = set()
        for node in nodes_in(statement):
            yield from (
                _Broken(f"rule-{word}", node)
                for word in SYNTAX
                if word not in only and isinstance(node, _KINDS[word]) and node is not statement
            )
            if not isinstance(node, ast.Name | ast.Attribute):
                continue
            if isinstance(node, ast.Attribute) and self._is_told(node.value):
                # The longer name, of which this is the beginning, counts.
                within.add(id(node.value))
            if id(node) not in within and not self._is_free(node, allowed):
                yield _Broken("rule-only", node, _word(node))

    def _is_free(self, node: ast.Name | ast.Attribute, allowed: Sequence[str]) -> bool:
        """Whether a name may stand where only some may: it is one of these, or the program's own."""
        paths = self.names.paths(node)
        if isinstance(node, ast.Name):
            paths = frozenset(path for path in paths if not path.startswith(UNKNOWN)) - {"builtins.super"}
        elif self._is_own(node.value) or (
            isinstance(node.value, ast.Call) and "builtins.super" in self.names.paths(node.value.func)
        ):
            return True
        return all(any(covers(name, path) for name in allowed) for path in paths)

    def _is_told(self, node: ast.expr) -> bool:
        return not all(path.startswith(UNKNOWN) for path in self.names.paths(node))


@lru_cache(maxsize=4096)
def _obscure_name(path: str) -> str:
    return next((name for name in _OBSCURE if covers(name, path)), "")


def _ends_alike(name: str, path: str) -> bool:
    return name.rpartition(".")[2] == path.rpartition(".")[2]


def _word(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            of = _word(value)
            return f"{of}.{name}" if of else f".{name}"
        case _:
            return ""


def _length(statement: ast.AST) -> int:
    """Return how many statements a definition holds, without its docstring; of any other statement, one."""
    count = sum(isinstance(node, ast.stmt) for node in nodes_in(statement))
    if not isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return count
    return count - 1 - (ast.get_docstring(statement, clean=False) is not None)
