"""The parts of a program in which its settings are written: factors of a step, values of a tensor, orders of data."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.core.program.rewriting.splice import Splice, instead_of


def factors_in(term: ast.expr) -> Iterator[ast.expr]:
    """Yield the factors of a product, and of what is divided."""
    match term:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield from factors_in(left)
            yield from factors_in(right)
        case ast.BinOp(left=left, op=ast.Div()):
            yield from factors_in(left)
        case ast.UnaryOp(operand=operand):
            yield from factors_in(operand)
        case _:
            yield term


def values_in(value: ast.expr) -> Iterator[ast.expr]:
    """Yield the numbers that a tensor is made of: not those of a keyword, and not the names of functions."""
    match value:
        case ast.Call(args=args):
            for each in args[:1]:
                yield from values_in(each)
            if isinstance(value.func, ast.Attribute):
                yield from values_in(value.func.value)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            for each in elements:
                yield from values_in(each)
        case _:
            yield value


def turned_round(node: ast.AST, text: str) -> Iterator[Splice]:
    """Yield what puts data that are taken in another order into that in which they are written."""
    minus_one = ast.dump(ast.UnaryOp(ast.USub(), ast.Constant(1)))
    match node:
        case ast.Call(func=ast.Name(id="reversed" | "sorted"), args=[data]):
            yield instead_of(node, ast.get_source_segment(text, data) or "")
        case ast.Subscript(value=data, slice=ast.Slice(lower=None, upper=None, step=ast.expr() as step)):
            if ast.dump(step) == minus_one:
                yield instead_of(node, ast.get_source_segment(text, data) or "")
        case ast.Call(func=ast.Name(id="range"), args=[ast.BinOp(left=count, op=ast.Sub()), end, step]):
            if ast.dump(end) == ast.dump(step) == minus_one:
                yield instead_of(node, f"range({ast.get_source_segment(text, count)})")
        case ast.Call(func=ast.Attribute(attr="randperm"), args=[count]):
            yield instead_of(node, f"range({ast.get_source_segment(text, count)})")


def shuffles(node: ast.AST) -> Iterator[Splice]:
    """Yield what leaves out that data are shuffled."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="shuffle") | ast.Name(id="shuffle"))):
            yield instead_of(node, "pass")
