"""Small changes to a program, one at a time: each is the mend of one mistake that programs of courses have.

Where a change makes a check pass it says where the mistake is, and what it is only where it could mend nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

from grader.core.program.features.code_features import nodes_if_few
from grader.core.program.features.slips import goes_back_from, zeroes
from grader.core.program.rewriting.call_edits import CallEdits
from grader.core.program.rewriting.splice import Splice, instead_of
from grader.core.program.rewriting.written import Edit
from grader.core.program.source import Source

_MOST = 400


def edits_of(source: Source, parameters: Sequence[str], functions: Sequence[str], raised: int = 0) -> list[Edit]:
    """Return the changes to try, those that have a name first, insertions last; the same for the same syntax tree.

    Args:
        parameters: the names of what is trained.
        functions: the names of the functions that a check calls; all of them where it runs the whole program.
        raised: the line that raised; its changes come first.
    """
    nodes = nodes_if_few(source)
    if not nodes or not isinstance(nodes[0], ast.Module):
        return []
    try:
        found = list(islice(_Edits(source, nodes, frozenset(parameters), frozenset(functions)).all(), _MOST))
    except RecursionError:
        return []
    return sorted(found, key=lambda each: (each.line != raised, each.after, not each.name))


class _Edits(CallEdits):
    def all(self) -> Iterator[Edit]:
        ways: Sequence[Callable[[], Iterator[Edit]]] = (
            self._calls,
            self._signs,
            self._powers,
            self._plain_numbers,
            self._leaves,
            self._sums,
            self._twice,
            self._ends,
            self._exchanged,
            self._arguments,
            self._started,
            self._returned,
            self._zeroing,
            self._moved,
        )
        for way in ways:
            yield from way()

    def _calls(self) -> Iterator[Edit]:
        for node in self.nodes:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute):
                yield self._one("never-called", node, f"{self._text(node.value)}()")

    def _signs(self) -> Iterator[Edit]:
        for node in self._working:
            match node:
                case ast.AugAssign(target=target, op=ast.Add() | ast.Sub() as op, value=value):
                    if self._is_parameter(target):
                        text = f"{self._text(target)} {_other(op)}= {self._text(value)}"
                        yield self._one("update-sign", node, text)
                case ast.Assign(
                    targets=[target], value=ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right)
                ):
                    if self._is_parameter(target) and self._is_parameter(left):
                        text = f"{self._text(left)} {_other(op)} {self._text(right)}"
                        yield self._one("update-sign", node.value, text)
                        continue
                case ast.BinOp(left=left, op=ast.Sub(), right=right):
                    yield self._one("operand-order", node, f"({self._text(right)} - {self._text(left)})")
                case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
                    yield self._one("sign-flipped", node, f"({self._text(operand)})")

    def _powers(self) -> Iterator[Edit]:
        for node in self._working:
            match node:
                case ast.BinOp(left=left, op=ast.BitXor(), right=right):
                    yield self._one("caret-for-power", node, f"{self._text(left)} ** {self._text(right)}")
                case ast.BinOp(left=left, op=ast.Sub(), right=ast.BinOp(left=inner, op=ast.Pow(), right=power)):
                    text = f"({self._text(left)} - {self._text(inner)}) ** {self._text(power)}"
                    yield self._one("parentheses-forgotten", node, text)
                case ast.Call(func=ast.Name(id="abs") | ast.Attribute(attr="abs"), args=[inner]):
                    yield self._one("loss-absolute", node, f"({self._text(inner)}) ** 2")

    def _plain_numbers(self) -> Iterator[Edit]:
        printed = {id(each) for node in self.nodes if _prints(node) for each in ast.walk(node)}
        for node in self._working:
            if id(node) in printed:
                continue
            match node:
                case ast.Call(func=ast.Attribute(value=value, attr="item" | "numpy" | "tolist"), args=[]):
                    yield self._one("item-too-early", node, self._text(value))
                case ast.Call(func=ast.Name(id="float" | "int" as made), args=[value]):
                    # Who cuts a number to a whole one may have had another idea.
                    yield self._one("item-too-early" if made == "float" else "", node, self._text(value))
                case ast.Call(func=ast.Attribute(value=value, attr="detach"), args=[]):
                    yield self._one("graph-cut", node, self._text(value))
                case ast.Attribute(value=value, attr="data", ctx=ast.Load()) if not self._is_parameter(value):
                    yield self._one("graph-cut", node, self._text(value))

    def _leaves(self) -> Iterator[Edit]:
        for node in self.nodes:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if name in self.parameters:
                    if all(each.arg != "requires_grad" for each in call.keywords):
                        yield self._one("graph-cut", call, f"{self._text(call)[:-1].rstrip(', ')}, requires_grad=True)")
        for node in self._working:
            match node:
                case ast.AugAssign(target=ast.Name(id=name) as target) if name in self.parameters:
                    yield self._one("leaf-updated-in-place", target, f"{name}.data")
                case ast.Assign(targets=[ast.Name(id=name) as target]) if name in self.parameters:
                    yield self._one("leaf-rebound", target, f"{name}.data")

    def _sums(self) -> Iterator[Edit]:
        started = goes_back_from(self.source)
        for node in self._working:
            match node:
                case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value):
                    if name not in self.parameters:
                        mistake = "loss-accumulated" if name in started else ""
                        yield self._one(mistake, node, f"{name} = {self._text(value)}")
                case ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.BinOp(left=ast.Name(id=same), op=ast.Add(), right=right)
                ) if name == same and name not in self.parameters:
                    yield self._one("loss-accumulated" if name in started else "", node.value, self._text(right))

    def _twice(self) -> Iterator[Edit]:
        """Leave out what stands twice in a loop: a backward call, or an update."""
        for body in self._bodies:
            backward = [each for each in body if _calls_method(each, "backward")]
            updates = [each for each in body if self._is_update(each) or _calls_method(each, "step")]
            for name, several in (("backward-twice", backward), ("updated-twice", updates)):
                if len(several) > 1:
                    yield from (self._one(name, each, "pass") for each in several)

    def _ends(self) -> Iterator[Edit]:
        """Leave out what ends a loop in its first round."""
        for last in (body[-1] for body in self._bodies):
            if isinstance(last, ast.Return | ast.Break):
                yield self._one("returned-in-loop", last, "pass")

    def _zeroing(self) -> Iterator[Edit]:
        mistake = "" if zeroes(self.source) else "gradient-not-zeroed"
        for body in self._bodies:
            for node in body:
                inner = [node, *node.body] if isinstance(node, ast.With) else [node]
                updating = next((each for each in inner if self._is_update(each)), None)
                for name in sorted(self.parameters if updating else ()):
                    end = _end_of(inner[-1], f"; {name}.grad.zero_()")
                    yield Edit(mistake, node.lineno, (end,), after=True)

    def _moved(self) -> Iterator[Edit]:
        """Exchange neighbours, and take the last statement of a loop out of it: these only say where."""
        for body in self._bodies:
            for one, other in pairwise(body):
                if _is_one_line(one) and _is_one_line(other):
                    texts = self._text(other), self._text(one)
                    yield Edit("", one.lineno, (instead_of(one, texts[0]), instead_of(other, texts[1])))
        for loop in self.nodes:
            if isinstance(loop, ast.For | ast.While) and len(loop.body) > 1 and _is_one_line(last := loop.body[-1]):
                yield Edit("", last.lineno, (Splice(last.lineno, loop.col_offset, last.lineno, last.col_offset, ""),))


def _other(sign: ast.operator) -> str:
    return "-" if isinstance(sign, ast.Add) else "+"


def _prints(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _calls_method(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attribute))):
            return attribute == name
        case _:
            return False


def _is_one_line(node: ast.stmt) -> bool:
    return node.lineno == node.end_lineno and not hasattr(node, "body")


def _end_of(node: ast.stmt, text: str) -> Splice:
    assert node.end_lineno and node.end_col_offset
    return Splice(node.end_lineno, node.end_col_offset, node.end_lineno, node.end_col_offset, text)
