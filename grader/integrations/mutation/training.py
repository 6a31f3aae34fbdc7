"""Operators on what training code is made of: zeroing, updates, and the path of the gradient."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from grader.integrations.mutation.site import (
    Body,
    Edit,
    Expression,
    Operator,
    Site,
    method,
    name_of,
    parenthesized,
    without_statement,
)

_ZEROING = re.compile(r"zero_grad\(|\.grad(\.data)?\.(zero_|fill_)\(|\.grad(\.data)? = |\.grad(\.data)? \*= 0")
# A gradient that is not there yet can be set so as well: before the backward pass this is the same training.
_AT_ANY_TIME = re.compile(r"zero_grad\(|\.grad = None")
_PLAIN = ("range", "zip", "enumerate", "len", "list", "tuple", "float", "int", "print", "str", "item", "backward")
_NOT_TRACKED = ("grad", "item", "data", "shape", "zero_grad", "step", "backward", "no_grad")
Block = cst.IndentedBlock | cst.Module


def zeroing(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """The zeroing of gradients left out, or done at another time."""
    if not isinstance(node, Block):
        return
    for place, line in enumerate(node.body):
        code = site.code(line).strip()
        if not isinstance(line, cst.SimpleStatementLine) or not _ZEROING.search(code):
            continue
        without = without_statement(node.body, place)
        yield Edit("zeroing-removed", node, node.with_changes(body=without), line)
        backward = next((i for i, each in enumerate(without) if ".backward(" in _of_line(each, site)), None)
        if backward is not None:
            yield Edit("zeroing-before-update", node, _put(node, without, backward + 1, line), line)
            if not _AT_ANY_TIME.search(code):
                yield Edit("zeroing-before-backward", node, _put(node, without, backward, line), line)
        yield from _behind_loops(node, without, line, site)


def _behind_loops(block: Block, without: Body, line: cst.BaseStatement, site: Site) -> Iterator[Edit]:
    """Yield the line moved behind the loop that it stands in, and behind the loop around that."""
    shorter: cst.BaseStatement | None = None
    for loop in site.above(block):
        outer = site.parent(loop)
        if not isinstance(loop, cst.For | cst.While) or not isinstance(outer, Block):
            continue
        if shorter is None:
            changed = loop.with_changes(body=block.with_changes(body=without))
            name = "zeroing-once-per-epoch"
        else:
            inner = next(each for each in site.above(block) if isinstance(each, cst.For | cst.While))
            changed = loop.with_deep_changes(loop, body=_replaced(loop.body, inner, shorter))
            name = "zeroing-out-of-the-loops"
        place = list(outer.body).index(loop)
        body = [*outer.body[:place], changed, line, *outer.body[place + 1 :]]
        yield Edit(name, outer, outer.with_changes(body=body), line)
        if shorter is not None or site.parent(block) is not loop:
            return
        shorter = changed


def _replaced(suite: cst.BaseSuite, old: cst.CSTNode, new: cst.BaseStatement) -> cst.BaseSuite:
    changed = suite.deep_replace(old, new)
    assert isinstance(changed, cst.BaseSuite)
    return changed


def updates(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """An update in the other direction, of another size, or of the leaf's name instead of its value."""
    match node:
        case cst.AugAssign(operator=cst.SubtractAssign() | cst.AddAssign() as operator, value=value, target=target):
            adds = isinstance(operator, cst.AddAssign)
            other = cst.SubtractAssign() if adds else cst.AddAssign()
            yield Edit("update-sign", node, node.with_changes(operator=other))
            yield Edit("update-factor", node, node.with_changes(value=_twice(value)))
            if site.torch and isinstance(target, cst.Name):
                whole = cst.BinaryOperation(target, cst.Add() if adds else cst.Subtract(), parenthesized(value))
                yield Edit("leaf-rebound", node, cst.Assign([cst.AssignTarget(target)], whole))
        case cst.Assign(targets=[cst.AssignTarget(target)], value=cst.BinaryOperation() as value):
            if value.left.deep_equals(target) and isinstance(value.operator, cst.Subtract | cst.Add):
                yield Edit("update-factor", value, value.with_changes(right=_twice(value.right)))
        case cst.Call(func=cst.Attribute(attr=cst.Name(value="sub_" | "add_")), args=[arg, *_]):
            yield Edit("update-factor", arg, arg.with_changes(value=_twice(arg.value)))


def cuts(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """The path of the gradient cut: a result detached, an operand taken out of the graph, no_grad around."""
    if not site.tracked(node):
        return
    match node:
        case cst.Return(value=cst.BaseExpression() as value) if _may_be_tensor(value):
            yield Edit("detach-put-in", node, node.with_changes(value=method(value, "detach")))
        case cst.Assign(value=value) if _may_be_tensor(value) and "requires_grad" not in site.code(value):
            yield Edit("detach-put-in", node, node.with_changes(value=method(value, "detach")))
        case cst.FunctionDef() if any(isinstance(each, cst.Return) for each in _below(node)):
            decorator = cst.Decorator(cst.Call(_no_grad(site)))
            yield Edit("no-grad-put-in", node, node.with_changes(decorators=[*node.decorators, decorator]))
        case cst.SimpleStatementLine(body=[cst.Assign(value=value)]) if _may_be_tensor(value) and _computes(value):
            with_item = cst.WithItem(cst.Call(_no_grad(site)))
            bare = node.with_changes(leading_lines=[])
            whole = cst.With([with_item], cst.IndentedBlock([bare]), leading_lines=node.leading_lines)
            if "requires_grad" not in site.code(value):
                yield Edit("no-grad-put-in", node, whole)
        case cst.Name() | cst.Attribute() if _is_operand(node, site):
            yield Edit("data-put-in", node, cst.Attribute(node, cst.Name("data")))


def without_no_grad(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """What stood below no_grad left where autograd sees it."""
    if not isinstance(node, Block):
        return
    for place, line in enumerate(node.body):
        if (
            isinstance(line, cst.With)
            and isinstance(line.body, cst.IndentedBlock)
            and "no_grad" in site.code(line.items[0])
        ):
            body = [*node.body[:place], *line.body.body, *node.body[place + 1 :]]
            yield Edit("no-grad-removed", node, node.with_changes(body=body), line)


def _of_line(line: cst.CSTNode, site: Site) -> str:
    return site.code(line) if isinstance(line, cst.SimpleStatementLine) else ""


def _put(block: Block, body: Body, place: int, line: cst.BaseStatement) -> Block:
    return block.with_changes(body=[*body[:place], line, *body[place:]])


def _twice(value: Expression) -> Expression:
    return cst.BinaryOperation(cst.Integer("2"), cst.Multiply(), parenthesized(value))


def _computes(value: Expression) -> bool:
    """Whether autograd may have something to record: not where a name is bound, a layer made, or a size read."""
    match value:
        case cst.Name() | cst.Subscript(value=cst.Attribute(attr=cst.Name(value="shape"))):
            return False
        case cst.Call():
            return not name_of(value)[:1].isupper()
    return True


def _may_be_tensor(value: Expression) -> bool:
    match value:
        case cst.BinaryOperation() | cst.Subscript():
            return True
        case cst.Name(value=name):
            return name not in ("None", "True", "False")
        case cst.Call():
            return name_of(value) not in _PLAIN
    return False


def _is_operand(node: Expression, site: Site) -> bool:
    """Whether a name goes into an operation or a function of torch."""
    if isinstance(node, cst.Attribute) and node.attr.value in _NOT_TRACKED:
        return False
    around = site.parent(node)
    match around:
        case cst.BinaryOperation():
            return True
        case cst.Attribute(value=value, attr=cst.Name(value="t" | "T" | "transpose" | "mean" | "sum")):
            return value is node and site.code(node) != site.torch
        case cst.Arg(keyword=None):
            call = site.parent(around)
            # A loop over numbers gives numbers, which have no .data: every check would see that.
            return isinstance(call, cst.Call) and name_of(call) not in _PLAIN and not site.is_loop_variable(node)
    return False


def _below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for child in node.children:
        yield child
        yield from _below(child)


def _no_grad(site: Site) -> cst.Attribute:
    return cst.Attribute(cst.Name(site.torch), cst.Name("no_grad"))


OPERATORS: tuple[Operator, ...] = (zeroing, updates, cuts, without_no_grad)
