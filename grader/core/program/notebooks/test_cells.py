"""Moves test cells of a notebook into functions of their own, beside a program that they only see from outside.

In a notebook, tests and answers share one set of names. Here the names that the answer binds become attributes of the
module `submission`; what the author's other cells bind, and the tests need, comes along.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SUBMISSION = "submission"
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_BUILTINS = frozenset(dir(builtins))


def bound_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that these statements bind themselves, not inside functions and comprehensions."""
    names: set[str] = set()
    for node in nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
                continue
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {alias.asname or alias.name.partition(".")[0] for alias in aliases}
            case ast.Name(id=name, ctx=ast.Store()) | ast.ExceptHandler(name=str(name)):
                names.add(name)
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                continue
        names |= bound_names(ast.iter_child_nodes(node))
    return names


def loaded_names(node: ast.AST) -> set[str]:
    """Return all names that are read anywhere in `node`, and those that are deleted."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Store)}


@dataclass
class Surroundings:
    """The surroundings of the tests: the names of the program, and the author's statements that tests may need.

    Attributes:
        program: names that the answer binds, or what follows from it.
        hosted: statements that run beside the tests, as text, with the names that they bind and read.
    """

    program: set[str] = field(default_factory=set)
    hosted: list[_Statement] = field(default_factory=list)

    def add_answer(self, code: str) -> None:
        """Take in a cell whose code students write."""
        for node in ast.parse(code).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.hosted.append(_statement(node, code))
            else:
                self.program |= bound_names([node])

    def add_other(self, code: str) -> None:
        """Take in a cell that students are given: what depends on the answer belongs to the program."""
        for node in ast.parse(code).body:
            if not isinstance(node, ast.Import | ast.ImportFrom) and loaded_names(node) & self.program:
                self.program |= bound_names([node])
            else:
                self.program -= bound_names([node])
                self.hosted.append(_statement(node, code))

    def needed_by(self, codes: Sequence[str]) -> str:
        """Return the hosted statements that these tests need, in order."""
        wanted = set().union(*(loaded_names(ast.parse(code)) for code in codes))
        kept: set[int] = set()
        while True:
            more = {
                place
                for place, each in enumerate(self.hosted)
                if place not in kept and (each.binds & wanted or each.binds == {"*"} or each.only_touches(wanted))
            }
            if not more:
                return "\n".join(self.hosted[place].text for place in sorted(kept))
            kept |= more
            wanted |= set().union(*(self.hosted[place].reads for place in more))


@dataclass(frozen=True)
class _Statement:
    text: str
    binds: frozenset[str]
    reads: frozenset[str]

    def only_touches(self, wanted: set[str]) -> bool:
        """Whether it binds nothing and does something with what is wanted: a seed that is set, a list that grows."""
        read = self.reads - _BUILTINS
        return not self.binds and bool(read) and read <= wanted


def _statement(node: ast.stmt, code: str) -> _Statement:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    text = "\n".join(code.split("\n")[first - 1 : node.end_lineno])
    if node.col_offset or (text.strip() != (ast.get_source_segment(code, node) or "").strip() and first == node.lineno):
        text = ast.unparse(node)
    return _Statement(text, frozenset(bound_names([node])), frozenset(loaded_names(node)))


def with_earlier(code: str, earlier: Sequence[str], known: set[str]) -> str:
    """Return a test cell with what it needs of earlier test cells before it.

    Args:
        known: names that are there anyway.
    """
    statements = [_statement(node, each) for each in earlier for node in ast.parse(each).body]
    tree = ast.parse(code)
    wanted = loaded_names(tree) - known
    kept: list[str] = []
    for each in reversed(statements):
        if each.binds & wanted:
            kept.insert(0, each.text)
            wanted |= each.reads - known
    return "\n".join([*kept, code])


def as_function(name: str, code: str, program: set[str], share_of: float | None = None) -> str:
    """Return a test function whose body is `code`, its names of the program read and set in the program.

    Args:
        share_of: the points of a cell whose last value, where it is a number, is the points earned.

    Raises:
        SyntaxError: if the code is not allowed inside a function.
    """
    tree = ast.parse(code)
    own = {
        each
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
        for each in bound_names([node])
    }
    edits = _Edits(code)
    _Names(program - own, edits).visit(tree)
    if share_of is not None:
        last = tree.body[-1]
        edits.add(last.lineno, last.col_offset, 0, "award_points(award, ")
        edits.add(last.end_lineno or 0, last.end_col_offset or 0, 0, f", {share_of:g})")
    body = _indented(edits.text())
    function = f"def {name}({'award' if share_of is not None else ''}):\n{body}\n"
    compile(function, name, "exec", dont_inherit=True)
    return function


def ends_with_value(code: str) -> bool:
    """Whether a notebook would show the value of the cell's last line."""
    body = ast.parse(code).body
    if not body or code.rstrip().endswith(";"):
        return False
    match body[-1]:
        case ast.Expr(value=ast.Constant(value=value)):
            return not isinstance(value, str)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return not name.startswith(("assert", "print"))
        case ast.Expr():
            return True
        case _:
            return False


class _Edits:
    """Changes to a text, by line and column in bytes, as Python counts them."""

    def __init__(self, text: str) -> None:
        self._data = text.encode()
        self._starts = [0]
        for line in self._data.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._edits: list[tuple[int, int, bytes]] = []

    def add(self, line: int, column: int, length: int, new: str, old: str = "") -> None:
        start = self._starts[line - 1] + column
        if self._data[start : start + length] != old.encode():
            raise SyntaxError("Python does not give the position of a name inside an f-string")
        self._edits.append((start, length, new.encode()))

    def text(self) -> str:
        data = self._data
        for start, length, new in sorted(self._edits, reverse=True):
            data = data[:start] + new + data[start + length :]
        return data.decode()


class _Names(ast.NodeVisitor):
    """Puts `submission.` before names of the program, except where a function or comprehension has its own."""

    def __init__(self, program: set[str], edits: _Edits) -> None:
        self._program = program
        self._edits = edits

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in self._program:
            length = len(node.id.encode())
            self._edits.add(node.lineno, node.col_offset, length, f"{SUBMISSION}.{node.id}", node.id)

    def generic_visit(self, node: ast.AST) -> None:
        if not isinstance(node, (*_SCOPES, *_COMPREHENSIONS)):
            super().generic_visit(node)
            return
        before, self._program = self._program, self._program - _own_names(node)
        super().generic_visit(node)
        self._program = before


def _own_names(node: ast.AST) -> set[str]:
    if isinstance(node, _COMPREHENSIONS):
        return {
            each.id
            for generator in node.generators
            for each in ast.walk(generator.target)
            if isinstance(each, ast.Name)
        }
    assert isinstance(node, _SCOPES)
    arguments = node.args
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    own = {each.arg for each in listed if each is not None}
    return own if isinstance(node, ast.Lambda) else own | bound_names(node.body)


def _indented(code: str) -> str:
    """Indent code, but not the lines inside texts of several lines: they would become other texts."""
    inside = {
        line
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
    lines = code.split("\n")
    return "\n".join(line if i in inside or not line.strip() else f"    {line}" for i, line in enumerate(lines, 1))
