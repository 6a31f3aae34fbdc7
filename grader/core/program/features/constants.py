"""Numbers that a program writes out, and the names that stand for one of them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Number:
    """A number as it is written out.

    Attributes:
        node: its digits, without the sign.
        sign: -1 where a minus stands before them.
    """

    node: ast.Constant = field(compare=False)
    value: float
    line: int
    column: int
    sign: int = 1

    def like(self, value: float) -> str:
        """Return another value as it is written in this one's place: a whole number stays one."""
        value *= self.sign
        whole = isinstance(self.node.value, int) and value == int(value)
        return repr(int(value) if whole else value)


@dataclass(frozen=True)
class Numbers:
    """The numbers of a program, by the names that stand for them.

    Attributes:
        first: by name, the number that it stands for at first.
        always: by name, the number that it stands for all along.
    """

    first: Mapping[str, Number]
    always: Mapping[str, Number]

    def of(self, node: ast.AST) -> Number | None:
        """Return the number that an expression is, or that its name stands for; None where it is no such."""
        return self.always.get(node.id) if isinstance(node, ast.Name) else written(node)

    def called(self, *names: str) -> list[Number]:
        """Return the numbers that these names stand for."""
        return [self.always[name] for name in names if name in self.always]


def written(node: ast.AST) -> Number | None:
    """Return the number that an expression writes out."""
    sign = 1
    # Not recursive: there may be more signs than our stack is deep.
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -sign
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value) if abs(value) < 1e15:
            return Number(node, sign * float(value), node.lineno, node.col_offset, sign)
        case _:
            return None


def numbers_of(nodes: Sequence[ast.AST]) -> Numbers:
    """Return the numbers of a program, from the nodes of its tree.

    What a function is called with counts for its argument, and its default only where it is called with nothing.
    """
    bound: dict[str, list[Number | None]] = defaultdict(list)
    defaults: dict[str, list[Number | None]] = defaultdict(list)
    functions = {node.name: node.args for node in nodes if isinstance(node, ast.FunctionDef)}
    for node in nodes:
        for name, value in _bindings(node, functions):
            bound[name].append(value)
        if isinstance(node, ast.FunctionDef):
            for name, default in _defaults(node.args):
                defaults[name].append(written(default))
    found = {**defaults, **bound}
    first = {name: each[0] for name, each in found.items() if each[0] is not None}
    return Numbers(first, {name: number for name, number in first.items() if set(found[name]) == {number}})


def _bindings(node: ast.AST, functions: Mapping[str, ast.arguments]) -> Iterator[tuple[str, Number | None]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, written(value)
        case ast.For(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            yield name, None
        case ast.Call(func=ast.Name(id=called), args=args, keywords=more) if called in functions:
            names = [each.arg for each in functions[called].args]
            given = [*zip(names, args, strict=False), *((each.arg, each.value) for each in more if each.arg)]
            # What hands on a name says nothing of the number.
            yield from ((name, written(value)) for name, value in given if not isinstance(value, ast.Name))


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, Number | None]]:
    match target, value:
        case ast.Name(id=name), _:
            yield name, written(value)
        case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
            for one, each in zip(names, values, strict=True):
                yield from _assigned(one, each)


def _defaults(args: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    if args.defaults:
        yield from zip([each.arg for each in args.args[-len(args.defaults) :]], args.defaults, strict=True)
    yield from ((each.arg, value) for each, value in zip(args.kwonlyargs, args.kw_defaults, strict=True) if value)
