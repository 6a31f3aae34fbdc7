"""Lines of a program that do another thing than they look like, or nothing.

A reading, never a proof: what is told of them, the run has to show as well.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator, Sequence

from grader.core.program.features.code_features import features, nodes_if_few
from grader.core.program.features.leaves import is_maker
from grader.core.program.features.slip import Slip, around, first, functions_of, is_backward, loops, own
from grader.core.program.source import Source


def uncalled(source: Source, name: str = "") -> Slip | None:
    """Return the first statement that names a method, or this one, and does not call it: `l.backward`.

    Only of methods that change something: a cell of a notebook that ends in `w.grad` or `l.item` shows it, and does
    no more.
    """
    defined = {node.name for node in nodes_if_few(source) if isinstance(node, ast.FunctionDef)}
    return first(
        Slip(node.lineno, method.attr)
        for node in nodes_if_few(source)
        if isinstance(node, ast.Expr)
        and isinstance(method := node.value, ast.Attribute)
        and (method.attr in _CHANGING | defined or (method.attr.endswith("_") and not method.attr.endswith("__")))
        and name in ("", method.attr)
    )


def backward_uncalled(source: Source) -> Slip | None:
    """Return where a program that never calls backward() names it all the same."""
    return None if calls_backward(source) else uncalled(source, "backward")


def loss_not_made(source: Source) -> Slip | None:
    """Return where a loss of torch.nn is given the numbers that belong to what it makes: `nn.MSELoss(y_pred, y)`."""
    bound = {
        target.id: node.value
        for node in nodes_if_few(source)
        if isinstance(node, ast.Assign) and _loss_of(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = (node for node in nodes_if_few(source) if isinstance(node, ast.Call) and len(node.args) > 1)
    return first(
        Slip(call.lineno, name)
        for call in calls
        if (name := _loss_of(bound.get(call.func.id, call.func) if isinstance(call.func, ast.Name) else call.func))
    )


def shadowed(source: Source, line: int) -> Slip | None:
    """Return where the name of a function, or of a loss that was made, goes to another value, and a line calls it.

    What is stored in a function has no meaning outside it.
    """
    nodes = nodes_if_few(source)
    functions = functions_of(nodes)
    losses = set(_losses_made(nodes))
    made = {name for _, name in losses} | {node.name for node in functions}
    called = {
        node.func.id
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.lineno == line
    } & made
    here = around(functions, line)
    stored = (each for each in _stored(nodes) if each[1] in called and each not in losses)
    return first(Slip(at, name) for at, name in stored if around(functions, at) in (None, here))


def accumulated_loss(source: Source) -> Slip | None:
    """Return where a name collects what is added to it in a loop that also calls backward() on it."""
    return first(slip for loop in loops(source) for slip in (*_collected(loop), *_appended(loop)))


def goes_back_from(source: Source) -> frozenset[str]:
    """Return the names that backward() is called on in a loop."""
    return frozenset(name for loop in loops(source) for name in _started_from(loop))


def zeroes(source: Source) -> bool:
    """Whether a program sets a gradient to zero anywhere, or to None."""
    return not features(source).isdisjoint({"zero_", "zero_grad", "fill_"}) or any(
        isinstance(node, ast.Attribute) and node.attr == "grad" and isinstance(node.ctx, ast.Store)
        for node in nodes_if_few(source)
    )


def goes_back_twice(source: Source) -> bool:
    """Whether one body of a loop has several backward calls."""
    return any(sum(_goes_back(each) for each in loop.body) > 1 for loop in loops(source))


def given_by_backward(source: Source) -> Slip | None:
    """Return where what backward() returns is kept: nothing."""
    return first(
        Slip(node.lineno, target.id)
        for node in nodes_if_few(source)
        if isinstance(node, ast.Assign) and is_backward(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def misspelt(source: Source) -> Slip | None:
    """Return an attribute that is set and nearly has a name that torch knows: `w.require_grad = True`."""
    return first(
        Slip(node.lineno, target.attr, near[0])
        for node in nodes_if_few(source)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute)
        and "grad" in target.attr
        and target.attr not in (*_NAMED_ALIKE, "requires_grad")
        and (near := difflib.get_close_matches(target.attr[:40], ["requires_grad"], n=1, cutoff=0.8))
    )


def backward_below(source: Source, line: int) -> bool:
    """Whether a loop that holds a line calls backward() further down."""
    return any(at > line for at in _backward_around(source, line))


def backward_above(source: Source, line: int) -> bool:
    """Whether a loop that holds a line calls backward() further up."""
    return any(at < line for at in _backward_around(source, line))


def _backward_around(source: Source, line: int) -> Iterator[int]:
    around = (loop for loop in loops(source) if loop.lineno < line <= (loop.end_lineno or 0))
    nodes = (node for loop in around for node in ast.walk(loop))
    return (node.lineno for node in nodes if isinstance(node, ast.Call) and is_backward(node))


def calls_backward(source: Source) -> bool:
    """Whether a program calls backward() anywhere, or autograd in another way."""
    return any(is_backward(node) for node in nodes_if_few(source)) or "autograd" in features(source)


def takes_numbers_out(source: Source) -> bool:
    """Whether a program makes plain numbers of tensors anywhere."""
    return not features(source).isdisjoint({"item", "float", "int", "tolist", "numpy", "round", "sqrt"})


def makes_whole_numbers(source: Source) -> bool:
    """Whether a program makes a tensor of whole numbers, or names their types."""
    return not features(source).isdisjoint({"int", "long", "int32", "int64", "LongTensor", "IntTensor"}) or any(
        isinstance(node, ast.Call) and is_maker(node) and bool(node.args) and _is_whole(node.args[0])
        for node in nodes_if_few(source)
    )


def prints_gradient(source: Source) -> bool:
    """Whether a program prints something that has to do with a gradient, as far as its names say."""
    named = {"grad"}
    for node in nodes_if_few(source):
        if isinstance(node, ast.Assign) and not named.isdisjoint(_words(node.value)):
            named |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return any(
        isinstance(node, ast.Call) and not named.isdisjoint(word for each in node.args for word in _words(each))
        for node in nodes_if_few(source)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    )


_CHANGING = frozenset({"backward", "step", "zero_grad", "train", "eval", "append"})
_NAMED_ALIKE = ("requires_grad_", "retains_grad")


def _stored(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    return ((node.lineno, node.id) for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))


def _loss_of(node: ast.expr) -> str:
    """Return the name of a loss of torch.nn, "" for anything else."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name if isinstance(name, str) and name.endswith("Loss") and name[0].isupper() else ""


def _losses_made(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Yield where a name is given a loss function of torch.nn, made: `loss = nn.MSELoss()`."""
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=called)) if _loss_of(called):
                yield node.lineno, name


def _started_from(loop: ast.AST) -> Iterator[str]:
    """Yield the names that backward() is called on in a loop."""
    for node in ast.walk(loop):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="backward")):
                yield name


def _goes_back(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and is_backward(statement.value)


def _collected(loop: ast.For | ast.While) -> Iterator[Slip]:
    """Yield where a loop adds to the loss that its body calls backward() on, unless that loss is reset there first."""
    steps = list(own(loop.body))
    begun = {name for step in steps if isinstance(step, ast.Assign) for name in _begun(step)}
    started = {name for step in steps for name in _started_from(step)} - begun
    for node in ast.walk(loop):
        match node:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()) if name in started:
                yield Slip(node.lineno, name)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(left=left, op=ast.Add(), right=right)):
                ends = [each.id for each in (left, right) if isinstance(each, ast.Name)]
                if name in started and name in ends:
                    yield Slip(node.lineno, name)


def _begun(step: ast.Assign) -> Iterator[str]:
    """Yield the names that an assignment gives a value which is not worked out of what they were."""
    before = set(_words(step.value))
    yield from (each.id for each in step.targets if isinstance(each, ast.Name) and each.id not in before)


def _appended(loop: ast.For | ast.While) -> Iterator[Slip]:
    """Yield where a body puts a value into a list that was made before, and starts from all that are in it."""
    steps = [each.value for each in loop.body if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call)]
    made = {name for each in loop.body for _, name in _stored(ast.walk(each))}
    started = {word for step in steps if is_backward(step) for word in _words(step.func)} - made
    for step in steps:
        match step.func:
            case ast.Attribute(value=ast.Name(id=name), attr="append") if name in started:
                yield Slip(step.lineno, name)


def _is_whole(value: ast.expr) -> bool:
    numbers: Sequence[object] = [each.value for each in ast.walk(value) if isinstance(each, ast.Constant)]
    return bool(numbers) and all(type(each) is int for each in numbers)


def _words(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
