"""What a program's text shows beside its syntax. It orders explanations that observations allow, and proves none."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache

from grader.core.program.features.showing import only_shows, shows
from grader.core.program.kept import kept_for
from grader.core.program.parsing import UNREADABLE, parsed
from grader.core.program.source import Source


class LineRole(Enum):
    """The part that a line plays in a training."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"
    ZEROING = "zeroing"
    OTHER = "other"


_LOSSES = ("loss", "cost", "mse", "error", "xato", "criterion")
_FORWARDS = ("forward", "predict", "model", "bashorat", "step")


def role_of(source: Source, line: int) -> LineRole:
    """Return the part that line `line` plays, counted from 1."""
    return _role_of(source.text, line)


# A hostile program is one long line or very many, and every probe asks for the line that it raised at.
@lru_cache(maxsize=256)
def _role_of(text: str, line: int) -> LineRole:
    statement, function = _statement_at(text, line)
    if statement is None:
        return LineRole.OTHER
    words = set(_words(statement))
    targets = set(_attributes_assigned(statement))
    if words & {"zero_grad", "zero_"} or {"grad", "fill_"} <= words or "grad" in targets:
        return LineRole.ZEROING
    if words & {"backward", "grad_fn"} or {"autograd", "grad"} <= words:
        return LineRole.BACKWARD
    # Whoever prints a gradient does not update by it.
    updating = {"sub_", "add_", "addcmul_"} if only_shows(statement) else {"grad", "sub_", "add_", "addcmul_"}
    if words & updating or "data" in targets or _steps(statement, words, function):
        return LineRole.UPDATE
    named = [function or "", *words]
    if any(part in word.lower() for word in named for part in _LOSSES):
        return LineRole.LOSS
    return LineRole.FORWARD if any(part in word.lower() for word in named for part in _FORWARDS) else LineRole.OTHER


def features(source: Source) -> frozenset[str]:
    """Return what a program is built of: attributes, keywords, constructs, numbers, and names it did not choose."""
    return _features(source.text)


def builtins_used(source: Source) -> frozenset[str]:
    """Return the built-in functions that a program names."""
    return features(source) & _BUILTINS


@kept_for(256)
def _features(text: str) -> frozenset[str]:
    nodes = _nodes(text)
    kinds = [type(node).__name__ for node in nodes if isinstance(node, _TELLING)]
    numbers = [str(node.value) for node in nodes if isinstance(node, ast.Constant) and _is_number(node.value)]
    looped = [f"{word} in loop" for word in _in_loops(nodes)]
    return frozenset({*_own_free_words(nodes), *kinds, *numbers, *looped})


def nodes_of(source: Source) -> tuple[ast.AST, ...]:
    """Return every node of a program's syntax tree; none where it has none."""
    return _nodes(source.text)


def nodes_if_few(source: Source) -> tuple[ast.AST, ...]:
    """Return every node of a program's syntax tree; none where there are more than any program of a course has.

    For readings that take longer than the tree is large: each loop with all that is in it, say.
    """
    nodes = nodes_of(source)
    return nodes if len(nodes) <= _MOST_NODES else ()


def habits(source: Source) -> frozenset[str]:
    """Return the features that can reveal a program's misconception; what it prints does not count."""
    return frozenset(word for word in features(source) if word.removesuffix(" in loop") not in _SHOWING)


_SHOWING = frozenset({"print", "item", "format"})


_BUILTINS = frozenset(dir(builtins))
_HUGE = 2**64
_MOST_NODES = 20_000
_TELLING = (ast.AugAssign, ast.With, ast.Return, ast.USub, ast.Pow, ast.Break, ast.Global)


def _is_number(value: object) -> bool:
    """Whether a constant is a number that a program of a course would have: Python will not write out a huge one."""
    return isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and value < _HUGE)


def top_level(source: Source) -> tuple[ast.stmt, ...]:
    """Return the statements of a program that are in no other; none where Python cannot read it."""
    module = next((node for node in _nodes(source.text) if isinstance(node, ast.Module)), None)
    return tuple(module.body) if module else ()


def lines_that_make(source: Source, name: str) -> tuple[int, ...]:
    """Return the lines at whose top level a function, a class, an import or an assignment gives `name` its meaning."""
    return _lines_that_make(source.text, name)


@lru_cache(maxsize=256)
def _lines_that_make(text: str, name: str) -> tuple[int, ...]:
    return tuple(
        node.lineno
        for node in _nodes(text)
        if isinstance(node, ast.stmt) and node.col_offset == 0 and name in _made_by(node)
    )


def _made_by(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case _:
            yield from (
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            )


def uncalled_item(source: Source) -> int:
    """Return the first line that names `.item` without calling it, or 0."""
    nodes = _nodes(source.text)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    lines = [
        node.lineno
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in ("item", "tolist", "numpy") and id(node) not in called
    ]
    return min(lines, default=0)


def return_in_loop(source: Source) -> int:
    """Return the first line that leaves a loop in its first round by return or break, or 0."""
    loops = [node for node in _nodes(source.text) if isinstance(node, ast.For | ast.While)]
    ends = [last for loop in loops for last in loop.body if isinstance(last, ast.Return | ast.Break)]
    return min((end.lineno for end in ends), default=0)


def names_not_read(source: Source, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of some top-level names that nothing reads but what shows them, or makes another of them.

    None where the program could read names in ways that its text does not show.
    """
    return _names_not_read(source.text, names)


@lru_cache(maxsize=8)
def _names_not_read(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    nodes = _nodes(text)
    if not nodes or any(_HIDDEN_WAYS & set(_words(node)) for node in nodes[:1]):
        return ()
    found: set[str] = set()
    waiting = [*nodes[:1]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif not isinstance(node, ast.Assert) and not _makes_only(node, names):
            waiting += [each for each in ast.iter_child_nodes(node) if not (shows(node) and _is_thing(each))]
    return tuple(name for name in names if name not in found)


_HIDDEN_WAYS = frozenset({"globals", "locals", "vars", "eval", "exec", "getattr", "attrgetter", "modules", "__dict__"})


def _is_thing(node: ast.AST) -> bool:
    """Whether it is a name or a part of what one holds, to which nothing is done."""
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Starred):
        node = node.value
    return isinstance(node, ast.Name)


def _makes_only(node: ast.AST, names: tuple[str, ...]) -> bool:
    """Whether a statement does nothing but give some of these names their values: y = [2 * each for each in x]."""
    match node:
        case ast.Assign(targets=targets):
            pass
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            targets = [target]
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=target, attr="append" | "extend" | "insert"))):
            targets = [target]
        case _:
            return False
    parts = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return all(_is_thing(part) and next(_names_in(part)) in names for part in parts)


def _names_in(node: ast.AST) -> Iterator[str]:
    yield from (each.id for each in ast.walk(node) if isinstance(each, ast.Name))


@kept_for(8)
def _nodes(text: str) -> tuple[ast.AST, ...]:
    """Return the nodes of a program's tree, from the top down; none where Python cannot read it."""
    try:
        return tuple(ast.walk(parsed(text)))
    except UNREADABLE:
        return ()


def _words(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name


def _own_free_words(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the words that say something: how somebody calls a variable does not."""
    for each in nodes:
        match each:
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Name(id=name) if name in _BUILTINS:
                yield name


def _in_loops(nodes: Iterable[ast.AST]) -> Iterator[str]:
    # From the top down, so that a loop comes before those in it: each statement is walked once.
    walked: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.For | ast.While) and id(node) not in walked:
            inside = [each for statement in node.body for each in ast.walk(statement)]
            walked.update(id(each) for each in inside if isinstance(each, ast.For | ast.While))
            yield from _own_free_words(inside)


def _attributes_assigned(statement: ast.stmt) -> Iterator[str]:
    """Yield the attributes on the left of an assignment: `grad` of `w.grad = None`, `w.grad.data[0] *= 0` and so on."""
    match statement:
        case ast.Assign(targets=targets):
            pass
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            targets = [target]
        case _:
            targets = []
    for left in targets:
        yield from (node.attr for node in ast.walk(left) if isinstance(node, ast.Attribute))


def _steps(statement: ast.stmt, words: set[str], function: str | None) -> bool:
    """Whether a statement lets an optimizer step, or uses a `step` that the program worked out itself."""
    called = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    method = any(isinstance(each, ast.Attribute) and each.attr == "step" for each in called)
    return method or ("step" in words and function is None)


def _statement_at(text: str, line: int) -> tuple[ast.stmt | None, str | None]:
    """Return the smallest statement on a line (of a compound one only its head) and the function around it."""
    found: ast.stmt | None = None
    function = None
    for node in _statements(text):
        if not node.lineno <= line <= (node.end_lineno or node.lineno):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = node.name
        if found is None or node.lineno >= found.lineno:
            found = node
    if found is not None and (hasattr(found, "body") or isinstance(found, ast.Match)):
        return None, function
    return found, function


@lru_cache(maxsize=8)
def _statements(text: str) -> tuple[ast.stmt, ...]:
    return tuple(node for node in _nodes(text) if isinstance(node, ast.stmt))
