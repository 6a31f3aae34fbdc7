"""Names that a program reads and that nothing gave a value: misspelt, without self, or never imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.core.program.features.code_features import nodes_if_few
from grader.core.program.features.slip import Slip
from grader.core.program.source import Source

# What courses import modules and their parts by.
_IMPORTED = frozenset(
    {"torch", "np", "numpy", "nn", "F", "optim", "math", "random", "plt", "pd", "DataLoader", "Dataset"}
)
# In shorter names one letter is mostly meant: `x1` and `xs` beside `x`.
_LEAST_LETTERS = 4


def import_missing(source: Source, line: int, name: str) -> Slip | None:
    """Return where a module's usual name is read that the program imports neither so nor misspelt."""
    near = any(each == name or _alike(name, each) for each in _bound(source))
    return Slip(line, name) if name in _IMPORTED and not near else None


def self_forgotten(source: Source, line: int, name: str) -> Slip | None:
    """Return where a name is read that the program keeps as self.name only."""
    return Slip(line, name) if name in _kept(source) and name not in set(_bound(source)) else None


def not_kept(source: Source, owner: str, name: str) -> Slip | None:
    """Return where a method of a class gives a value to `name` alone, and no method to `self.name`."""
    if name in _kept(source):
        return None
    classes = (node for node in nodes_if_few(source) if isinstance(node, ast.ClassDef) and node.name == owner)
    stored = (
        node.lineno
        for made in classes
        for method in made.body
        for node in ast.walk(method)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    )
    line = min(stored, default=0)
    return Slip(line, name) if line else None


def misspelt_name(source: Source, line: int, name: str) -> Slip | None:
    """Return the only name of the program that differs from `name` in one letter, two exchanged, or capitals.

    A name that gets a value elsewhere, in another function perhaps, is spelled as it was meant; and `model` beside a
    class Model is an object that was never made.
    """
    bound = set(_bound(source))
    classes = {node.name for node in nodes_if_few(source) if isinstance(node, ast.ClassDef)}
    near = sorted(
        each for each in bound if _alike(name, each) and not (each in classes and each.lower() == name.lower())
    )
    return Slip(line, name, near[0]) if len(near) == 1 and name not in _IMPORTED | bound else None


def misspelt_attribute(source: Source, line: int, name: str) -> Slip | None:
    """Return the only attribute that the program keeps and that differs as little from `name`."""
    near = sorted({each for each in _kept(source) if _alike(name, each)})
    return Slip(line, name, near[0]) if len(near) == 1 else None


def _bound(source: Source) -> Iterator[str]:
    """Yield the names that get a value anywhere: assigned, defined, imported, or taken as an argument."""
    for node in nodes_if_few(source):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]


def _kept(source: Source) -> frozenset[str]:
    """Return the attributes that methods give a value to on their object."""
    methods = [
        method
        for made in nodes_if_few(source)
        if isinstance(made, ast.ClassDef)
        for method in made.body
        if isinstance(method, ast.FunctionDef) and method.args.args
    ]
    return frozenset(
        node.attr
        for method in methods
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == method.args.args[0].arg
    )


def _alike(one: str, other: str) -> bool:
    """Whether one is the other with a slip of the hand: numbers, and a last letter, tell names apart on purpose."""
    if one == other or min(len(one), len(other)) < _LEAST_LETTERS:
        return False
    if one.lower() == other.lower():
        return True
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    mine, its = one[start:], other[start:]
    if len(mine) == len(its):
        exchanged = len(mine) > 1 and mine[:2] == its[1::-1] and mine[2:] == its[2:]
        # x_train beside y_train, and train_x_all beside train_y_all, are told apart on purpose.
        is_slip = start > 0 and len(mine) > 1 and mine[1] != "_"
        return exchanged or (is_slip and mine[1:] == its[1:] and mine[0].isalpha() and its[0].isalpha())
    longer, shorter = (mine, its) if len(mine) > len(its) else (its, mine)
    doubled = start > 0 and longer[0] == one[start - 1]
    return longer[1:] == shorter and longer[0].isalpha() and (len(shorter) > 0 or doubled)
