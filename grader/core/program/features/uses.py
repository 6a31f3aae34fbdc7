"""What a program makes use of at all: a mistake has no part in a program that has nothing to make it with."""

from __future__ import annotations

import ast

from grader.core.program.features.code_features import features, nodes_of
from grader.core.program.features.slips import calls_backward, zeroes
from grader.core.program.source import Source

_DROPPING = frozenset({"int", "long", "floor", "floor_divide", "trunc", "divmod", "int32", "int64", "round"})
_LARGEST = frozenset({"max", "amax", "aminmax", "topk", "sort", "sorted"})
_RESCALING = frozenset({"std", "var", "max", "min", "amax", "amin", "ptp", "norm", "normalize", "fit_transform"})
_ROOTS = frozenset({"sqrt", "norm", "isqrt", "cdist"})
_LAYERS = frozenset({"Linear", "Conv1d", "Conv2d", "Embedding", "RNN", "RNNCell", "GRU", "LSTM", "BatchNorm2d"})
_MODELS = frozenset({"Linear", "Sequential", "Module", "Parameter", "deepcopy"})


_METHODS = frozenset(
    {"item", "tolist", "numpy", "detach", "mean", "sum", "square", "pow", "abs", "sqrt", "float", "clone", "backward"}
)
# Words that are methods in every use of a tensor, so that naming one alone is a slip.
_MORE_METHODS = frozenset(
    {"size", "dim", "numel", "view", "reshape", "transpose", "max", "min", "argmax", "exp", "log"}
)


def names_method(source: Source) -> bool:
    """Whether a program names a method of tensors anywhere without calling it."""
    nodes = nodes_of(source)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return any(isinstance(node, ast.Attribute) and node.attr in _METHODS and id(node) not in called for node in nodes)


def methods_named(source: Source, line: int) -> frozenset[str]:
    """Return the methods of tensors that a line names without calling them."""
    nodes = [node for node in nodes_of(source) if getattr(node, "lineno", 0) == line]
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return frozenset(
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in _METHODS | _MORE_METHODS and id(node) not in called
    )


def own_functions(source: Source) -> frozenset[str]:
    """Return the names of the functions that a program defines."""
    return frozenset(node.name for node in nodes_of(source) if isinstance(node, ast.FunctionDef))


def drops_fractions(source: Source) -> bool:
    """Whether a program divides whole numbers, or drops the fraction of a number in another way."""
    return not features(source).isdisjoint(_DROPPING) or any(
        isinstance(node, ast.FloorDiv) for node in nodes_of(source)
    )


def takes_largest(source: Source) -> bool:
    """Whether a program takes the largest of some numbers, and not only its place."""
    return not features(source).isdisjoint(_LARGEST)


def makes_model(source: Source) -> bool:
    """Whether a program makes a module, or a copy of one."""
    return not features(source).isdisjoint(_MODELS) or any(isinstance(node, ast.ClassDef) for node in nodes_of(source))


def prints(source: Source) -> bool:
    """Whether a program prints anything."""
    return not features(source).isdisjoint({"print", "display", "pprint", "write"})


def rescales(source: Source) -> bool:
    """Whether a program brings numbers to another scale by what is worked out of them.

    A number that something is divided by may as well be how many there are.
    """
    return not features(source).isdisjoint(_RESCALING)


def never_zeroes(source: Source) -> bool:
    """Whether a program steps an optimizer through gradients that it never sets to zero."""
    return "step" in features(source) and calls_backward(source) and not zeroes(source)


def takes_root(source: Source) -> bool:
    """Whether a program takes a root: by its name, as a norm, or as a power below 1."""
    return not features(source).isdisjoint(_ROOTS) or any(map(_is_root, nodes_of(source)))


def differs_in_training(source: Source) -> bool:
    """Whether a program has a layer that does otherwise in training than afterwards, as far as its words tell."""
    return any("dropout" in word.lower() or "norm" in word.lower() for word in features(source))


def makes_layer_in_call(source: Source) -> bool:
    """Whether a program makes a layer where it is called, or its model is, in place of once."""
    return any(
        isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _LAYERS
        for node in nodes_of(source)
        if isinstance(node, ast.FunctionDef) and node.name in ("forward", "__call__")
        for call in ast.walk(node)
    )


def has_method_without_self(source: Source, name: str = "") -> bool:
    """Whether a class has a method, or this one, that does not take its object, by the name that everybody gives it."""
    return any(
        isinstance(method, ast.FunctionDef)
        and name in ("", method.name)
        and not method.decorator_list
        and (not method.args.args or method.args.args[0].arg not in ("self", "cls"))
        for node in nodes_of(source)
        if isinstance(node, ast.ClassDef)
        for method in node.body
    )


def _is_root(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(op=ast.Pow(), right=exponent):
            exponents = [exponent]
        case ast.Call(func=ast.Name(id="pow") | ast.Attribute(attr="pow" | "power"), args=exponents):
            pass
        case _:
            return False
    divides = any(isinstance(each, ast.BinOp) and isinstance(each.op, ast.Div) for each in exponents)
    return divides or any(
        isinstance(value := getattr(each, "value", None), float) and 0 < value < 1 for each in exponents
    )
