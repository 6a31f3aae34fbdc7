"""Names that the message of an exception and the line that raised it show together: shapes, layers, spelling."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from grader.core.program.features import spelling
from grader.core.program.features.code_features import nodes_if_few
from grader.core.program.features.slip import Slip
from grader.core.program.source import Source
from grader.core.report.finding import finding
from grader.core.report.report import NamedMisconception
from grader.core.run.observation import Raised

_NO_NAME = re.compile(r"name '(\w+)' is not defined")
_NO_ATTRIBUTE = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
_WHOLE_TARGET = re.compile(r"result type Float can't be cast to the desired output type (Long|Int)")
_SHAPES = re.compile(
    r"shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)|shapes \((\d+),(\d+)\) and \((\d+),(\d+)\)"
)
_PRODUCTS = frozenset({"matmul", "mm", "bmm", "mv", "dot", "addmm", "einsum"})
# As attributes only: `t` is a usual name of a step.
_TURNED = frozenset({"t", "T"})


def named_by_line(source: Source, raised: Raised) -> Iterator[NamedMisconception]:
    """Yield what an exception and its line show, the likeliest first."""
    said, line = raised.message, raised.line
    if (found := _NO_NAME.search(said)) and raised.type_name in ("NameError", "UnboundLocalError"):
        yield from _about("import-missing", source, spelling.import_missing(source, line, found[1]))
        yield from _about("self-forgotten", source, spelling.self_forgotten(source, line, found[1]))
        yield from _about("name-misspelt", source, spelling.misspelt_name(source, line, found[1]))
    if (found := _NO_ATTRIBUTE.search(said)) and raised.type_name == "AttributeError":
        yield from _about("self-forgotten", source, spelling.not_kept(source, found[1], found[2]))
        if _is_own_class(source, found[1]):
            yield from _about("name-misspelt", source, spelling.misspelt_attribute(source, line, found[2]))
    if _WHOLE_TARGET.search(said) and _calls(source, line) and not _adds_in_place(source, line):
        yield NamedMisconception("target-not-float", finding("targets-are-whole-numbers"))
    if found := _SHAPES.search(said):
        yield from _of_shapes(source, line, [int(each) for each in found.groups() if each is not None])


def _of_shapes(source: Source, line: int, sizes: list[int]) -> Iterator[NamedMisconception]:
    rows, columns, others, width = sizes
    if rows == others == 1 and not multiplies(source, line):
        return
    shapes = {"name": f"{rows}×{columns}", "found": f"{others}×{width}"}
    if not multiplies(source, line):
        if _calls(source, line):
            name, kind = (
                ("sizes-swapped", "layer-turned-round") if width == columns else ("layer-sizes", "layer-of-other-size")
            )
            yield NamedMisconception(name, finding(kind))
    elif (columns == width or rows == others) and width != rows:
        yield NamedMisconception("transposed", finding("fits-when-transposed", **source.place(line), **shapes))


def _about(name: str, source: Source, found: Slip | None) -> Iterator[NamedMisconception]:
    if found is not None:
        yield NamedMisconception(
            name, finding(f"slip-{name}", **source.place(found.line), name=found.name, found=found.meant)
        )


def _is_own_class(source: Source, name: str) -> bool:
    return any(isinstance(node, ast.ClassDef) and node.name == name for node in nodes_if_few(source))


def _at(source: Source, line: int) -> Iterator[ast.AST]:
    """Yield the expressions and plain statements that a line has a part in."""
    for node in nodes_if_few(source):
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0) or 0
        if first <= line <= last and not hasattr(node, "body"):
            yield node


def _calls(source: Source, line: int) -> bool:
    return any(isinstance(node, ast.Call) for node in _at(source, line))


def _adds_in_place(source: Source, line: int) -> bool:
    return any(
        isinstance(node, ast.AugAssign)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.endswith("_"))
        for node in _at(source, line)
    )


def multiplies(source: Source, line: int) -> bool:
    """Whether a line writes out a product of matrices."""
    for node in _at(source, line):
        match node:
            case ast.BinOp(op=ast.MatMult()) | ast.AugAssign(op=ast.MatMult()):
                return True
            case ast.Attribute(attr=name) if name in _PRODUCTS | _TURNED:
                return True
            case ast.Name(id=name) if name in _PRODUCTS:
                return True
    return False
