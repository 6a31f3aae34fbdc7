"""Operators on expressions: arithmetic, comparisons, constants, indices, names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from grader.integrations.mutation.site import Edit, Expression, Operator, Site, method, parenthesized

_ARITHMETIC: dict[type[cst.BaseBinaryOp], tuple[type[cst.BaseBinaryOp], ...]] = {
    cst.Add: (cst.Subtract, cst.Multiply),
    cst.Subtract: (cst.Add,),
    cst.Multiply: (cst.Divide, cst.Add),
    cst.Divide: (cst.Multiply,),
    cst.FloorDivide: (cst.Multiply,),
    cst.Modulo: (cst.FloorDivide,),
    cst.Power: (cst.Multiply,),
    cst.MatrixMultiply: (cst.Multiply,),
}
_GRADIENT = re.compile(r"(?<!requires_)(?<!no_)grad")
_LOOSER = (cst.Add, cst.Subtract)
_COMPARED: dict[type[cst.BaseCompOp], tuple[type[cst.BaseCompOp], ...]] = {
    cst.LessThan: (cst.LessThanEqual, cst.GreaterThan),
    cst.LessThanEqual: (cst.LessThan, cst.GreaterThanEqual),
    cst.GreaterThan: (cst.GreaterThanEqual, cst.LessThan),
    cst.GreaterThanEqual: (cst.GreaterThan, cst.LessThanEqual),
    cst.Equal: (cst.NotEqual,),
    cst.NotEqual: (cst.Equal,),
    cst.In: (cst.NotIn,),
    cst.NotIn: (cst.In,),
    cst.Is: (cst.IsNot,),
    cst.IsNot: (cst.Is,),
}


def arithmetic(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    if not isinstance(node, cst.BinaryOperation):
        return
    name = "update-sign" if _is_update(node, site) else "arithmetic-operator"
    inside = isinstance(site.parent(node), cst.BinaryOperation | cst.UnaryOperation)
    for other in _ARITHMETIC.get(type(node.operator), ()):
        new: Expression = node.with_changes(operator=_spaced_as(node.operator, other()))
        yield Edit(name, node, parenthesized(new) if inside and other in _LOOSER else new)


def operands(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """One operand left out, or the two exchanged."""
    if not isinstance(node, cst.BinaryOperation):
        return
    square = isinstance(node.operator, cst.Power)
    yield Edit("power-dropped" if square else "operand-dropped", node, _in_its_place(node.left, node))
    if square:
        absolute = cst.Call(cst.Name("abs"), [cst.Arg(node.left.with_changes(lpar=[], rpar=[]))])
        yield Edit("loss-absolute", node, absolute)
        return
    yield Edit("operand-dropped", node, _in_its_place(node.right, node))
    matrix = isinstance(node.operator, cst.MatrixMultiply)
    if matrix or _turns(node, site):
        turned = node.with_changes(left=parenthesized(node.right), right=parenthesized(node.left))
        yield Edit("matmul-order" if matrix else "operand-order", node, turned)
    if matrix:
        yield Edit("transpose-put-in", node, node.with_changes(left=method(node.left, "t")))
        yield Edit("transpose-put-in", node, node.with_changes(right=method(node.right, "t")))


def comparisons(node: cst.CSTNode, _site: Site) -> Iterator[Edit]:
    match node:
        case cst.ComparisonTarget(operator=operator):
            for other in _COMPARED.get(type(operator), ()):
                yield Edit("comparison", node, node.with_changes(operator=other()))
        case cst.BooleanOperation(operator=cst.And()):
            yield Edit("condition", node, node.with_changes(operator=cst.Or()))
        case cst.BooleanOperation(operator=cst.Or()):
            yield Edit("condition", node, node.with_changes(operator=cst.And()))
        case cst.If(test=test) | cst.While(test=test) | cst.IfExp(test=test):
            space = cst.SimpleWhitespace(" ")
            turned = cst.UnaryOperation(cst.Not(whitespace_after=space), parenthesized(test))
            yield Edit("condition", test, turned)


def signs(node: cst.CSTNode, _site: Site) -> Iterator[Edit]:
    match node:
        case cst.UnaryOperation(operator=cst.Minus() | cst.Not(), expression=inner):
            yield Edit("sign", node, _in_its_place(inner, node))
        case cst.Return(value=cst.BaseExpression() as value) if not isinstance(value, cst.Tuple):
            turned = cst.UnaryOperation(cst.Minus(), parenthesized(value))
            yield Edit("sign", node, node.with_changes(value=turned))


def constants(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    match node:
        case cst.Integer():
            name = "off-by-one" if _counts(node, site) else "constant"
            for value in (node.evaluated_value + 1, node.evaluated_value - 1):
                number: Expression = cst.Integer(str(abs(value)))
                yield Edit(name, node, number if value >= 0 else _negative(number))
        case cst.Float():
            for times in (10, 0.1) if _is_rate(node, site) else (2,):
                name = "constant" if times == 2 else "learning-rate"
                yield Edit(name, node, _float(node.evaluated_value * times if node.evaluated_value else 1.0))
        case cst.Name(value="True" | "False"):
            yield Edit("constant", node, cst.Name("False" if node.value == "True" else "True"))


def slices(node: cst.CSTNode, _site: Site) -> Iterator[Edit]:
    """A bound of a slice left out."""
    if isinstance(node, cst.Slice):
        if node.lower is not None:
            yield Edit("off-by-one", node, node.with_changes(lower=None))
        if node.upper is not None:
            yield Edit("off-by-one", node, node.with_changes(upper=None))


def names(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """A parameter or loop variable in the place of another."""
    if not isinstance(node, cst.Name) or not _is_read(node, site):
        return
    for around in site.above(node):
        match around:
            case cst.FunctionDef(params=params):
                own = [each.name.value for each in params.params]
            case cst.For(target=cst.Tuple(elements=elements)):
                own = [each.value.value for each in elements if isinstance(each.value, cst.Name)]
            case _:
                continue
        if node.value in own:
            for other in own:
                if other not in (node.value, "self"):
                    yield Edit("wrong-variable", node, node.with_changes(value=other))
            return


def _is_read(node: cst.Name, site: Site) -> bool:
    """Whether this is a value that is used, not a name of an attribute, a keyword, a parameter or a target."""
    match site.parent(node):
        case cst.Attribute(value=value):
            return value is node
        case cst.Arg(value=value):
            return value is node
        case cst.Param() | cst.AssignTarget() | cst.FunctionDef() | cst.Element() | cst.For():
            return any(isinstance(each, cst.Return) for each in site.above(node))
        case _:
            return True


def _turns(node: cst.BinaryOperation, site: Site) -> bool:
    """Whether the operands' order matters; for a difference that is squared it does not."""
    if isinstance(node.operator, cst.Subtract):
        match site.parent(node):
            case cst.BinaryOperation(operator=cst.Power(), right=cst.Integer() as power, left=left) if left is node:
                return power.evaluated_value % 2 == 1
    return isinstance(node.operator, cst.Subtract | cst.Divide | cst.FloorDivide | cst.Modulo)


def _is_update(node: cst.BinaryOperation, site: Site) -> bool:
    """Whether this is `w = w - …`."""
    match site.parent(node):
        case cst.Assign(targets=[target]):
            return isinstance(node.operator, cst.Add | cst.Subtract) and target.target.deep_equals(node.left)
    return False


def _is_rate(node: cst.Float, site: Site) -> bool:
    """Whether a number is a learning rate: lr=…, or a factor of a gradient in an update."""
    match site.parent(node):
        case cst.Arg(keyword=cst.Name(value="lr")):
            return True
    match site.statement(node):
        case cst.AugAssign(target=target, value=value) | cst.Assign(targets=[cst.AssignTarget(target)], value=value):
            return site.code(target) in ("lr", "rate", "learning_rate") or bool(_GRADIENT.search(site.code(value)))
        case cst.Expr(value=cst.Call() as call):
            return bool(_GRADIENT.search(site.code(call)))
    return False


def _counts(node: cst.Integer, site: Site) -> bool:
    """Whether a number counts or points: in range(…), in an index or in a slice."""
    for around in site.above(node):
        match around:
            case cst.Call(func=cst.Name(value="range")) | cst.Subscript():
                return True
            case cst.Arg() | cst.UnaryOperation() | cst.Index() | cst.Slice() | cst.SubscriptElement():
                continue
        return False
    return False


def _spaced_as(old: cst.CSTNode, new: cst.CSTNode) -> cst.CSTNode:
    sides = ("whitespace_before", "whitespace_after")
    return new.with_changes(**{side: getattr(old, side) for side in sides})


def _in_its_place(operand: Expression, whole: Expression) -> Expression:
    return parenthesized(operand) if whole.lpar else operand


def _negative(number: Expression) -> Expression:
    return cst.UnaryOperation(cst.Minus(), number)


def _float(value: float) -> Expression:
    return cst.Float(repr(float(f"{value:.12g}")))


OPERATORS: tuple[Operator, ...] = (arithmetic, operands, comparisons, signs, constants, slices, names)
