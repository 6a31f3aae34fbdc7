"""One small change to a program, and how the parts of a program are written."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.core.program.rewriting.splice import Splice, instead_of, spliced
from grader.core.program.source import Source


@dataclass(frozen=True)
class Edit:
    """A change to a program.

    Attributes:
        name: of the mistake that it mends; empty where it only says where that is.
        line: of what is changed.
        after: whether something was missing after that line.
    """

    name: str
    line: int
    splices: tuple[Splice, ...]
    after: bool = False

    def of(self, source: Source) -> str:
        """Return the program's text with the change."""
        return spliced(source.text, self.splices)


@dataclass(frozen=True)
class Written:
    """What edits are made of: a program, and how its parts are written."""

    source: Source
    nodes: Sequence[ast.AST]
    parameters: frozenset[str]
    functions: frozenset[str]

    @cached_property
    def _lines(self) -> list[bytes]:
        return self.source.text.encode().split(b"\n")

    def _text(self, node: ast.expr | ast.stmt) -> str:
        """Return how a node is written: in brackets where it is worked out, as its own are no part of it."""
        if node.lineno != node.end_lineno:
            text = ast.unparse(node)
        else:
            text = self._lines[node.lineno - 1][node.col_offset : node.end_col_offset].decode()
        return f"({text})" if isinstance(node, ast.BinOp | ast.UnaryOp | ast.IfExp) else text

    def _one(self, name: str, node: ast.expr | ast.stmt, text: str) -> Edit:
        return Edit(name, node.lineno, (instead_of(node, text),))

    @cached_property
    def _working(self) -> list[ast.AST]:
        """The nodes of loops and of functions."""
        parts = [each for each in self.nodes if isinstance(each, ast.For | ast.While | ast.FunctionDef)]
        return list({id(node): node for part in parts for node in ast.walk(part)}.values())

    @cached_property
    def _bodies(self) -> list[list[ast.stmt]]:
        return [node.body for node in self.nodes if isinstance(node, ast.For | ast.While)]

    def _is_parameter(self, node: ast.AST) -> bool:
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.parameters

    def _is_update(self, node: ast.stmt) -> bool:
        targets = [node.target] if isinstance(node, ast.AugAssign) else getattr(node, "targets", [])[:1]
        return any(self._is_parameter(each) for each in targets)
