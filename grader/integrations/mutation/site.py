"""A parsed program as operators look at it, and an edit as they return it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider

Expression = cst.BaseExpression
Body = Sequence[cst.BaseStatement]


@dataclass(frozen=True)
class Edit:
    """`old` replaced by `new`; `at` is what the edit is about, where that is another node."""

    operator: str
    old: cst.CSTNode
    new: cst.CSTNode
    about: cst.CSTNode | None = None

    @property
    def at(self) -> cst.CSTNode:
        return self.about or self.old

    def applied(self, module: cst.Module) -> str:
        """Return the source of the edited program."""
        edited = module.deep_replace(self.old, self.new)
        assert isinstance(edited, cst.Module)
        return edited.code


class Site:
    """A program, its nodes in order, and what is around them."""

    def __init__(self, module: cst.Module) -> None:
        wrapper = MetadataWrapper(module)
        self.module = wrapper.module
        self._places = wrapper.resolve(PositionProvider)
        self._parents = wrapper.resolve(ParentNodeProvider)
        self.nodes: list[cst.CSTNode] = []
        self._collect(self.module)
        self.torch = self._torch()

    def line(self, node: cst.CSTNode) -> int:
        return self._places[node].start.line

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self._parents.get(node)

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield what the node stands in, the nearest first."""
        parent = self.parent(node)
        while parent is not None:
            yield parent
            parent = self.parent(parent)

    def code(self, node: cst.CSTNode) -> str:
        return self.module.code_for_node(node)

    def statement(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return the simple statement that the node is part of."""
        return next((each for each in self.above(node) if isinstance(each, cst.BaseSmallStatement)), None)

    def is_loop_variable(self, node: cst.CSTNode) -> bool:
        """Whether a name is bound by a loop around it."""
        loops = [each for each in self.above(node) if isinstance(each, cst.For)]
        return any(self.code(node) in self.code(loop.target).split(", ") for loop in loops)

    def tracked(self, node: cst.CSTNode) -> bool:
        """Whether autograd could see what is computed here: torch is there, and no no_grad around it."""
        return bool(self.torch) and not any(
            isinstance(each, cst.With) and "no_grad" in self.code(each.items[0]) for each in self.above(node)
        )

    def _collect(self, node: cst.CSTNode) -> None:
        self.nodes.append(node)
        for child in node.children:
            self._collect(child)

    def _torch(self) -> str:
        """Return the name under which the program knows torch; "" where it does not."""
        for node in self.nodes:
            for alias in node.names if isinstance(node, cst.Import) else ():
                if self.code(alias.name) == "torch":
                    return self.code(alias.asname.name) if alias.asname else "torch"
        return ""


Operator = Callable[[cst.CSTNode, Site], Iterator[Edit]]


def parenthesized(node: Expression, even: bool = False) -> Expression:
    """Return an operation in parentheses, if it has none; what needs none stays, unless `even`."""
    loose = isinstance(
        node, cst.BinaryOperation | cst.UnaryOperation | cst.Comparison | cst.BooleanOperation | cst.IfExp | cst.Lambda
    )
    if node.lpar or not (loose or even):
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def method(node: Expression, name: str) -> cst.Call:
    """Return `node.name()`."""
    return cst.Call(cst.Attribute(parenthesized(node), cst.Name(name)))


def name_of(call: cst.Call) -> str:
    """Return the last part of what is called: tanh for torch.tanh(…)."""
    match call.func:
        case cst.Attribute(attr=cst.Name(value)) | cst.Name(value):
            return value
        case _:
            return ""


def without_statement(body: Body, place: int) -> list[cst.BaseStatement]:
    """Return a body less one statement, `pass` where it was the only one."""
    left = [*body[:place], *body[place + 1 :]]
    return left or [cst.SimpleStatementLine([cst.Pass()])]
