"""Reads the coded side of an exercise file: its checks."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass

from grader.core.compare.comparison import Comparison
from grader.core.course.checks.call import LIBRARIES, Call, helpers_in, read_call
from grader.core.course.checks.given import Shape
from grader.core.course.checks.limits import Limits
from grader.core.course.draws.draw import Array, Draw
from grader.core.course.exercise import Check, Coded
from grader.core.course.needs import missing_for_comparisons, missing_for_draws
from grader.core.words.message import Message, say
from grader.store.course.checks.costs import hold_costs
from grader.store.course.checks.declared import (
    read_array,
    read_code,
    read_comparisons,
    read_draw,
    read_given,
    read_size,
)
from grader.store.course.checks.device import hold_device, read_device
from grader.store.course.checks.limits import read_limits
from grader.store.course.checks.rules import hold_autograd, rule_readers, rules_of
from grader.store.course.checks.training import hold_training, read_data
from grader.store.yaml import nodes as y
from grader.store.yaml.reader import Reading, kind

# What drawn numbers with a size are handed over as.
ARRAYS = ("torch", "numpy", "list")
_FEWEST_RESULTS = 2
DTYPES = ("float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool")


@dataclass(frozen=True)
class Beside:
    """What stands beside the checks of an exercise and holds for each of them.

    Attributes:
        arrays: what drawn numbers with a size are handed over as, where a check does not say.
        ask: the text of ask.py; "" where there is none.
        maker: the text of data.py; "" where there is none, as in the students' copy.
    """

    arrays: str = "torch"
    ask: str = ""
    maker: str = ""


def read_checks(reading: Reading, node: y.Node, starter: bytes | None, by_hand: bool, beside: Beside) -> Coded | None:
    """Read the list of checks of a coded exercise."""
    if not isinstance(node, y.Sequence) or not node.items:
        reading.fault(node, say("found {found}; expected a list of checks", found=kind(node)))
        return None
    checks: list[Check] = []
    for place, item in enumerate(node.items):
        # What is wrong with one check is not told of those that need it as well.
        check = _read_check(reading, item, names_in(y.Sequence(node.items[:place], node.at)), beside)
        if check is not None:
            checks.append(check)
    hold_costs(reading, node, checks)
    if starter is None or len(checks) < len(node.items):
        return None
    return Coded(starter, tuple(checks), without_autograd=by_hand)


def names_in(node: y.Node | None) -> tuple[str, ...]:
    """Return the names of a list of checks, as they are written."""
    items = node.items if isinstance(node, y.Sequence) else ()
    names = (item.get("name") for item in items if isinstance(item, y.Mapping))
    return tuple(name.text for name in names if isinstance(name, y.Scalar))


def _read_check(reading: Reading, node: y.Node, earlier: tuple[str, ...], beside: Beside) -> Check | None:
    before = len(reading.faults)
    values = reading.fields(
        node,
        {
            "name": lambda name: _read_new_name(reading, name, earlier),
            "points": lambda points: reading.number(points, 0, 10_000),
            "compare": lambda compare: read_comparisons(reading, compare),
        },
        {
            "run": lambda run: reading.word(run, ("definitions", "script")),
            "call": lambda call: reading.sequence(call, lambda one: _read_call(reading, one)),
            "let": lambda let: _read_named(reading, let, lambda one: read_code(reading, one)),
            "arrays": lambda arrays: reading.word(arrays, ARRAYS),
            "data": lambda data: read_data(reading, data),
            "given": lambda given: _read_named(reading, given, lambda one: read_given(reading, one)),
            "args": lambda args: _read_named(reading, args, lambda one: _read_arg(reading, one)),
            "examples": lambda examples: reading.sequence(examples, lambda one: _read_example(reading, one)),
            "returns": lambda returns: _read_returns(reading, returns),
            "repeat": lambda repeat: reading.whole(repeat, 0, 100),
            "samples": lambda samples: reading.sequence(samples, reading.name),
            "needs": lambda needs: reading.sequence(needs, lambda one: reading.word(one, earlier)),
            "shape": lambda shape: _read_shape(reading, shape),
            "dtype": lambda dtype: reading.word(dtype, DTYPES),
            "limits": lambda limits: read_limits(reading, limits),
            "device": lambda device: read_device(reading, device),
            **rule_readers(reading),
        },
    )
    hold_autograd(reading, node, values)
    if len(reading.faults) > before:
        return None
    get = values.get
    args: Mapping[str, tuple[Draw, str | None]] = get("args", {})  # type: ignore[assignment]
    check = Check(
        name=get("name"),  # type: ignore[arg-type]
        points=get("points"),  # type: ignore[arg-type]
        compare=_of_results(reading, node, get("compare", ()), get("returns", ())),  # type: ignore[arg-type]
        script=get("run") == "script",
        calls=tuple(_of_others(call, beside.ask, get("let", {})) for call in get("call", ())),  # type: ignore[attr-defined, arg-type]
        given=get("given", {}),  # type: ignore[arg-type]
        args={name: draw for name, (draw, _) in args.items()},
        like={name: like for name, (_, like) in args.items() if like is not None},
        ask=beside.ask,
        let=get("let", {}),  # type: ignore[arg-type]
        arrays=get("arrays", beside.arrays),  # type: ignore[arg-type]
        samples=get("samples", ()),  # type: ignore[arg-type]
        examples=get("examples", ()),  # type: ignore[arg-type]
        repeat=get("repeat", 1),  # type: ignore[arg-type]
        returns=get("returns", ()),  # type: ignore[arg-type]
        needs=get("needs", ()),  # type: ignore[arg-type]
        shape=get("shape", Shape()),  # type: ignore[arg-type]
        dtype=get("dtype"),  # type: ignore[arg-type]
        limits=get("limits", Limits()),  # type: ignore[arg-type]
        rules=rules_of(values),
        data=get("data"),  # type: ignore[arg-type]
        maker=beside.maker if get("data") else "",
        device=get("device"),  # type: ignore[arg-type]
    )
    assert isinstance(node, y.Mapping)
    _hold_together(reading, node, check)
    hold_training(reading, node, check)
    hold_device(reading, node, check)
    return check if len(reading.faults) == before else None


def _read_new_name(reading: Reading, node: y.Node, earlier: tuple[str, ...]) -> str | None:
    name = reading.name(node)
    if name in earlier:
        reading.fault(node, say("duplicate name: {name}", name=name))
    return name


def _read_call(reading: Reading, node: y.Node) -> Call | None:
    scalar = reading.scalar(node, say("a call such as forward(x)"))
    if scalar is None:
        return None
    call = read_call(scalar.text)
    if isinstance(call, Message):
        reading.fault(node, call)
        return None
    return call


def _of_others(call: Call, ask: str, let: Mapping[str, str]) -> Call:
    """Return a call of a function that is not the submission's as an expression.

    It is the author's, or Python's where it is called with an object: len(data). A function of numbers alone that is
    called as one of Python's is the submission's own: abs(x).
    """
    of_python = call.function in dir(builtins) and not let.keys().isdisjoint(call.arguments)
    return Call("", (), str(call)) if of_python or call.function in helpers_in(ask) else call


def _read_named(reading: Reading, node: y.Node, read: object) -> Mapping[str, object] | None:
    if not isinstance(node, y.Mapping):
        reading.fault(node, say("expected names with their values: {{x: {{uniform: [0.5, 3]}}}}"))
        return None
    assert callable(read)
    return {
        name: value for key, one in node.entries if (name := reading.name(key)) and (value := read(one)) is not None
    }


def _read_arg(reading: Reading, node: y.Node) -> tuple[Draw, str | None] | None:
    """Read a draw; `like: x_soat` may stand beside it."""
    like = None
    if isinstance(node, y.Mapping):
        named = node.get("like")
        like = reading.name(named) if named is not None else None
        node = y.Mapping(tuple(entry for entry in node.entries if entry[0].text != "like"), node.at)
    draw = read_draw(reading, node)
    return None if draw is None else (draw, like)


def _read_example(reading: Reading, node: y.Node) -> Mapping[str, Array] | None:
    return _read_named(reading, node, lambda one: read_array(reading, one))  # type: ignore[return-value]


def _read_returns(reading: Reading, node: y.Node) -> tuple[str, ...]:
    """Read what several results are called."""
    names = reading.sequence(node, reading.name)
    if len(names) < _FEWEST_RESULTS or len(set(names)) < len(names):
        reading.fault(node, say("returns names the results of a call: two or more, each by a name of its own"))
    return names


def _of_results(
    reading: Reading, node: y.Node, items: tuple[Comparison, ...], returns: tuple[str, ...]
) -> tuple[Comparison, ...]:
    """Return comparisons that know which of the results they are of."""
    found = [(item, item.of_results(returns)) for item in items]
    for _, one in found:
        if isinstance(one, Message):
            assert isinstance(node, y.Mapping)
            reading.fault(node.get("compare") or node, one)
    return tuple(item if isinstance(one, Message) else one for item, one in found)


def _read_shape(reading: Reading, node: y.Node) -> Shape | None:
    if isinstance(node, y.Sequence):
        shapes = [read_size(reading, item) for item in node.items]
        return Shape(allowed=tuple(shape for shape in shapes if shape))
    word = reading.word(node, ("exact", "any"))
    return Shape(exact=word == "exact", anything=word == "any") if word else None


def _hold_together(reading: Reading, node: y.Mapping, check: Check) -> None:
    """Hold the parts of a check to each other: what is compared must be run, what is called must be given."""
    inputs = {*check.given, *check.args}
    known = {*check.args, *check.let, *(check.data.names if check.data else ())}
    _hold_objects(reading, node, check)
    for call in check.calls:
        for name in call.arguments:
            if name not in known:
                reading.fault(
                    node.get("call") or node, say("{name} in {call} has no value under args", name=name, call=str(call))
                )
    for missing in missing_for_comparisons(check):
        reading.fault(node.get("compare") or node, missing)
    for name in check.samples:
        if name not in check.given:
            reading.fault(node.get("samples") or node, say("{name} is not under given", name=name))
    for place, example in enumerate(check.examples):
        for name in example:
            if name not in inputs:
                examples = node.get("examples")
                at = examples.items[place] if isinstance(examples, y.Sequence) else node
                reading.fault(at, say("{name} is neither under given nor under args", name=name))
    for missing in missing_for_draws(check):
        reading.fault(node, missing)
    if not check.repeat and not check.examples:
        reading.fault(node, say("repeat: 0 without examples leaves nothing to try"))


def _hold_objects(reading: Reading, node: y.Mapping, check: Check) -> None:
    """Hold the objects under `let` to the rest of a check."""
    let = node.get("let") or node
    for name in check.let:
        if name in check.args or name in LIBRARIES or (name in check.given and name not in check.modules):
            reading.fault(let, say("{name} has another meaning already; call the object by another name", name=name))
    if check.returns and not check.calls:
        reading.fault(node.get("returns") or node, say("returns is about what a call gives, and this check has none"))
    if check.let and not check.calls:
        reading.fault(let, say("objects under let are made for a call, and this check has none"))
    for name in check.modules:
        if name not in check.let:
            reading.fault(node.get("given") or node, say("{name} is not under let", name=name))
