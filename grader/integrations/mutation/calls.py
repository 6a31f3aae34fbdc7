"""Operators on calls: their arguments, axes, reductions, transposes, and calls left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import libcst as cst

from grader.integrations.mutation.site import Edit, Operator, Site, method, name_of, parenthesized

_INSTEAD = {
    "mean": ("sum",),
    "sum": ("mean",),
    "max": ("min",),
    "min": ("max",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "tanh": ("sigmoid", "relu"),
    "sigmoid": ("tanh",),
    "relu": ("tanh",),
    "softmax": ("log_softmax",),
    "log_softmax": ("softmax",),
    "Tanh": ("Sigmoid",),
    "Sigmoid": ("Tanh",),
    "ReLU": ("Tanh",),
    "add_": ("sub_",),
    "sub_": ("add_",),
    "add": ("sub",),
    "sub": ("add",),
    "mul": ("div",),
    "div": ("mul",),
    "mse_loss": ("l1_loss",),
    "MSELoss": ("L1Loss",),
    "zeros": ("ones",),
    "ones": ("zeros",),
}
_KINDS = {
    **dict.fromkeys(("mean", "sum", "mse_loss", "MSELoss"), "loss-reduction"),
    **dict.fromkeys(("tanh", "sigmoid", "relu", "softmax", "log_softmax", "Tanh", "Sigmoid", "ReLU"), "activation"),
    **dict.fromkeys(("add_", "sub_"), "update-sign"),
    **dict.fromkeys(("t", "transpose", "permute"), "transpose-dropped"),
    "detach": "detach-dropped",
    "item": "item-dropped",
    "requires_grad_": "requires-grad-dropped",
}
_OF_AXES = ("mean", "sum", "max", "min", "argmax", "argmin", "softmax", "log_softmax", "cat", "stack", "squeeze")
_OF_MATRICES = ("mm", "matmul", "mv", "bmm", "dot")
# Two dimensions exchanged are the same two in either order.
_EITHER_WAY = frozenset({"transpose", "swapaxes", "swapdims", "transpose_"})
# Their result is no number, or they are dropped with their statement.
_STRUCTURAL = ("range", "zip", "enumerate", "len", "list", "tuple", "dict", "set", "print", "super", "reversed", "iter")


def functions(node: cst.CSTNode, _site: Site) -> Iterator[Edit]:
    """Another function of the same kind."""
    if not isinstance(node, cst.Call):
        return
    for other in _INSTEAD.get(name_of(node), ()):
        kind = _KINDS.get(name_of(node), "function")
        match node.func:
            case cst.Attribute() as attribute:
                yield Edit(kind, node, node.with_changes(func=attribute.with_changes(attr=cst.Name(other))))
            case cst.Name() if name_of(node) in ("sum", "max", "min"):
                # Python's own: there is no mean among them.
                continue
            case cst.Name():
                yield Edit(kind, node, node.with_changes(func=cst.Name(other)))


def arguments(node: cst.CSTNode, _site: Site) -> Iterator[Edit]:
    """Neighbours exchanged, and for products of matrices transposes put in."""
    if not isinstance(node, cst.Call) or name_of(node) in _EITHER_WAY:
        return
    plain = [place for place, each in enumerate(node.args) if each.keyword is None and not each.star]
    matrices = name_of(node) in _OF_MATRICES
    for first, second in pairwise(plain):
        changed = list(node.args)
        one, other = changed[first].value, changed[second].value
        changed[first] = changed[first].with_changes(value=other)
        changed[second] = changed[second].with_changes(value=one)
        yield Edit("matmul-order" if matrices else "argument-order", node, node.with_changes(args=changed))
    for place in plain if matrices else ():
        changed = list(node.args)
        changed[place] = changed[place].with_changes(value=method(changed[place].value, "t"))
        yield Edit("transpose-put-in", node, node.with_changes(args=changed))


def keywords(node: cst.CSTNode, _site: Site) -> Iterator[Edit]:
    """A keyword argument left out, or given the other value."""
    if not isinstance(node, cst.Call):
        return
    for place, each in enumerate(node.args):
        keyword = each.keyword.value if each.keyword else ""
        name = {"requires_grad": "requires-grad-dropped", "bias": "bias-dropped"}.get(keyword, "keyword-dropped")
        if keyword:
            left = [*node.args[:place], *node.args[place + 1 :]]
            # What follows a comma that stays last would be read as a tuple of one by people only.
            left[-1:] = [last.with_changes(comma=cst.MaybeSentinel.DEFAULT) for last in left[-1:]]
            yield Edit(name, node, node.with_changes(args=left))
        if keyword == "reduction":
            for word in ("mean", "sum", "none"):
                yield _with_value(node, place, cst.SimpleString(f'"{word}"'), "loss-reduction")
    if name_of(node) == "Linear" and not any(each.keyword and each.keyword.value == "bias" for each in node.args):
        no_bias = cst.Arg(cst.Name("False"), keyword=cst.Name("bias"), equal=_TIGHT)
        yield Edit("bias-dropped", node, node.with_changes(args=[*node.args, no_bias]))


def axes(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """Another axis: 0 for 1, 1 for 0, 0 for -1."""
    if not isinstance(node, cst.Call):
        return
    of_torch = isinstance(node.func, cst.Attribute) and site.code(node.func.value) in (site.torch, "F")
    for place, each in enumerate(node.args):
        named = each.keyword is not None and each.keyword.value in ("dim", "axis")
        second = each.keyword is None and name_of(node) in _OF_AXES and place == (1 if of_torch else 0)
        code = site.code(each.value)
        if (named or second) and code in ("0", "1", "-1", "-2"):
            other = cst.Integer("1" if code == "0" else "0")
            yield _with_value(node, place, other, "axis")


def calls(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """A call of one argument left out, and what it was called with or on put in its place."""
    if not isinstance(node, cst.Call) or isinstance(site.parent(node), cst.Expr):
        return
    name, values = name_of(node), [each.value for each in node.args if not each.star]
    if name in _STRUCTURAL or not name:
        return
    of_torch = not isinstance(node.func, cst.Attribute) or site.code(node.func.value).split(".")[0] in (
        site.torch,
        "F",
        "nn",
        "np",
        "math",
    )
    kind = _KINDS.get(name, "call-dropped")
    if of_torch and len(values) == 1 and node.args[0].keyword is None:
        yield Edit(kind, node, parenthesized(values[0]))
    elif not of_torch and isinstance(node.func, cst.Attribute) and (name in _KINDS or not values):
        yield Edit(kind, node, node.func.value)


def attributes(node: cst.CSTNode, site: Site) -> Iterator[Edit]:
    """A transpose left out; the parameter in the place of its gradient."""
    if isinstance(node, cst.Attribute) and node.attr.value in ("T", "mT"):
        yield Edit("transpose-dropped", node, node.value)
    elif isinstance(node, cst.Attribute) and node.attr.value == "grad" and not _is_target(node, site):
        yield Edit("gradient-dropped", node, node.value)


def _is_target(node: cst.Attribute, site: Site) -> bool:
    return isinstance(site.parent(node), cst.AssignTarget)


def _with_value(call: cst.Call, place: int, value: cst.BaseExpression, operator: str) -> Edit:
    changed = [*call.args]
    changed[place] = changed[place].with_changes(value=value)
    return Edit(operator, call, call.with_changes(args=changed))


_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
OPERATORS: tuple[Operator, ...] = (functions, axes, arguments, keywords, calls, attributes)
