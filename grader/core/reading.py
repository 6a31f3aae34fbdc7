"""What a program's text shows beside its syntax: the part that a line plays, and what tells two programs apart.

A reading, never a proof: it orders explanations that the observations already allow.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from grader.core.source import Source


class Role(Enum):
    """The part that a line plays in a training."""

    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"
    ZEROING = "zeroing"
    OTHER = "other"


_LOSSES = ("loss", "cost", "mse", "error", "xato", "criterion")
_FORWARDS = ("forward", "predict", "model", "bashorat", "step")


def role_of(source: Source, line: int) -> Role:
    """Return the part that line `line` plays, counted from 1."""
    statement, function = _statement_at(source.text, line)
    if statement is None:
        return Role.OTHER
    words = set(_words(statement))
    if words & {"zero_grad", "zero_"} or _assigns_gradient(statement):
        return Role.ZEROING
    if words & {"backward", "grad_fn"} or {"autograd", "grad"} <= words:
        return Role.BACKWARD
    if words & {"grad", "sub_", "add_", "addcmul_"} or ("step" in words and function is None):
        return Role.UPDATE
    named = [function or "", *words]
    if any(part in word.lower() for word in named for part in _LOSSES):
        return Role.LOSS
    return Role.FORWARD if any(part in word.lower() for word in named for part in _FORWARDS) else Role.OTHER


def features(source: Source) -> frozenset[str]:
    """Return what a program is built of: attributes, keywords, constructs, numbers, and names it did not choose."""
    return _features(source.text)


def builtins_used(source: Source) -> frozenset[str]:
    """Return the built-in functions that a program names."""
    return features(source) & _BUILTINS


@lru_cache(maxsize=256)
def _features(text: str) -> frozenset[str]:
    tree = _tree(text)
    if tree is None:
        return frozenset()
    kinds = [type(node).__name__ for node in ast.walk(tree) if isinstance(node, _TELLING)]
    numbers = [repr(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and _is_number(node.value)]
    looped = [f"{word} in loop" for word in _in_loops(tree)]
    return frozenset({*_own_free_words(tree), *kinds, *numbers, *looped})


def habits(source: Source) -> frozenset[str]:
    """Return the features that a program's idea can show in: who prints what is no part of it."""
    return frozenset(word for word in features(source) if word.removesuffix(" in loop") not in _SHOWING)


_SHOWING = frozenset({"print", "item", "format"})


_BUILTINS = frozenset(dir(builtins))
_TELLING = (ast.AugAssign, ast.With, ast.Return, ast.USub, ast.Pow, ast.Break, ast.Global)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def uncalled_item(source: Source) -> int:
    """Return the first line that names `.item` without calling it; 0 where there is none."""
    tree = _tree(source.text)
    if tree is None:
        return 0
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    lines = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("item", "tolist", "numpy") and id(node) not in called
    ]
    return min(lines, default=0)


def return_in_loop(source: Source) -> int:
    """Return the first line that returns or breaks whenever a loop's body is run through; 0 where there is none."""
    tree = _tree(source.text)
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)] if tree else []
    ends = [last for loop in loops for last in loop.body if isinstance(last, ast.Return | ast.Break)]
    return min((end.lineno for end in ends), default=0)


@lru_cache(maxsize=64)
def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _words(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name


def _own_free_words(node: ast.AST) -> Iterator[str]:
    """Yield the words that say something: how somebody calls a variable does not."""
    for each in ast.walk(node):
        match each:
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Name(id=name) if name in _BUILTINS:
                yield name


def _in_loops(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.While):
            yield from (word for statement in node.body for word in _own_free_words(statement))


def _assigns_gradient(statement: ast.stmt) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(target, ast.Attribute) and target.attr == "grad" for target in targets)


def _statement_at(text: str, line: int) -> tuple[ast.stmt | None, str | None]:
    """Return the smallest statement on a line, of a compound one only its head, and the function that it stands in."""
    tree = _tree(text)
    found: ast.stmt | None = None
    function = None
    for node in ast.walk(tree) if tree else ():
        if not isinstance(node, ast.stmt) or not node.lineno <= line <= (node.end_lineno or node.lineno):
            continue
        if isinstance(node, ast.FunctionDef):
            function = node.name
        if found is None or node.lineno >= found.lineno:
            found = node
    if found is not None and hasattr(found, "body"):
        return None, function
    return found, function
