"""A line of a program that a name of a mistake is about, and the loops that most of these lines are in."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.core.program.features.code_features import nodes_if_few
from grader.core.program.source import Source


@dataclass(frozen=True)
class Slip:
    """A line, and the name that it is about."""

    line: int
    name: str = ""
    meant: str = ""


def first(found: Iterable[Slip]) -> Slip | None:
    """Return the one that is furthest up."""
    return min(found, key=lambda slip: slip.line, default=None)


def loops(source: Source) -> Iterator[ast.For | ast.While]:
    """Yield the loops of a program, those in other loops too."""
    return (node for node in nodes_if_few(source) if isinstance(node, ast.For | ast.While))
