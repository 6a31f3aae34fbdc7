"""Puts other text in the place of parts of a program; every line keeps its number."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Splice:
    """Other text for a part of a program.

    Attributes:
        line, end_line: the first and the last line of the part, counted from 1.
        column, end_column: where it begins and ends, in bytes of UTF-8, as `ast` counts.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


def instead_of(node: ast.expr | ast.stmt, text: str) -> Splice:
    """Return other text for a node."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Splice(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text)


def between(first: ast.expr | ast.stmt, last: ast.expr | ast.stmt, text: str) -> Splice:
    """Return other text for all from the beginning of one node to the end of another."""
    assert last.end_lineno is not None
    assert last.end_col_offset is not None
    return Splice(first.lineno, first.col_offset, last.end_lineno, last.end_col_offset, text)


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return a program with other text for some of its parts; of two that overlap, the one that begins first counts."""
    lines = text.encode("utf-8").split(b"\n")
    chosen: list[Splice] = []
    for each in sorted(set(splices)):
        if not chosen or (each.line, each.column) >= (chosen[-1].end_line, chosen[-1].end_column):
            chosen.append(each)
    for each in reversed(chosen):
        before, after = lines[each.line - 1][: each.column], lines[each.end_line - 1][each.end_column :]
        # What ends on a later line leaves its lines behind, empty.
        left = each.end_line - each.line - each.text.count("\n")
        lines[each.line - 1 : each.end_line] = [before + each.text.encode() + after, *[b""] * max(left, 0)]
    return b"\n".join(lines).decode("utf-8")
