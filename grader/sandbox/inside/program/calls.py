"""Calls a submission's function as the exercise says: the given names, the arguments, the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.core.autodiff.expression import parse
from grader.sandbox.inside.program.expressions import compute
from grader.sandbox.inside.program.inputs import adapted, argument
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.signatures import accepts, is_function, parameters
from grader.sandbox.inside.program.values import Floats, numbers_of


@dataclass(frozen=True)
class PreparedCall:
    """A function, the arguments that it is called with, and all inputs of the probe by name."""

    function: Callable[..., Any]
    arguments: list[Any]
    inputs: dict[str, Any]

    def result(self) -> Any:
        """Call it. An argument without a size is a number and one with a size a tensor, whatever is imported."""
        return self.function(*self.arguments)


@dataclass(frozen=True)
class Refused:
    """Why a call cannot be made: `unbound` names, a `missing` function, or the `signature` that it has instead."""

    why: dict[str, Any]


def prepared_call(program: Program, probe: dict[str, Any]) -> PreparedCall | Refused:
    """Set the given names, and make the arguments of a probe's call."""
    unbound = give(program, probe)
    if unbound:
        return Refused({"unbound": unbound})
    name, order = probe["call"]["function"], probe["call"]["arguments"]
    function = program.names.get(name)
    if not callable(function):
        return Refused({"missing": name})
    inputs = inputs_of(program, probe)
    if is_function(function) and not accepts(function, len(order)):
        return Refused({"signature": parameters(function)})
    return PreparedCall(function, [inputs[each] for each in order], inputs)


def give(program: Program, probe: dict[str, Any]) -> list[str]:
    """Set the given names; return those that are not bound, or that cannot hold the numbers."""
    given = probe["given"]
    unbound = [item["name"] for item in given if item["name"] not in program.names and not item["optional"]]
    return unbound or [item["name"] for item in given if item["name"] in program.names and program.assign(item)]


def inputs_of(program: Program, probe: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a probe, by name."""
    drawn = {
        item["name"]: _argument(program, item, item["name"] in probe["gradients"])
        for item in probe["args"]
        if item["expression"] is None
    }
    return with_computed(program, probe, drawn)


def with_computed(program: Program, probe: dict[str, Any], inputs: dict[str, Any], but: str = "") -> dict[str, Any]:
    """Return the arguments together with those that are computed from others, all computed again `but` one."""
    inputs = dict(inputs)
    for item in probe["args"]:
        if item["expression"] is not None and item["name"] != but:
            inputs[item["name"]] = compute(parse(item["expression"]), {**program.names, **inputs})
    return inputs


def _argument(program: Program, item: dict[str, Any], requires_grad: bool) -> Any:
    """Return an argument; a program whose data are tensors gets a tensor like one of their elements."""
    if item["like"] in program.names and not item["shape"]:
        try:
            return adapted(_element(program.names, item["like"]), item["numbers"], [])
        # Whatever it is, it holds no numbers: the argument is then made as for everybody.
        except Exception:
            pass
    return argument(item["numbers"], item["shape"], requires_grad)


def _element(names: dict[str, Any], like: str) -> Any:
    """Return an element of the data called `like`, in the form in which the program works with them.

    A list of numbers may be there only to be made into a tensor or an array: X = torch.tensor(x_data).view(-1, 1). Of
    several top-level names that hold the same numbers, one for one, the one bound last counts.
    """
    data = names[like]
    wanted = numbers_of(data)
    if wanted is not None:
        for other in reversed(list(names.values())):
            held = numbers_of(other)
            if held is not None and _one_for_one(held, wanted):
                return other[0]
    return data[0]


def _one_for_one(held: Floats, wanted: Floats) -> bool:
    return (
        held.ndim > 0 and len(held) == held.size == wanted.size and np.array_equal(held.reshape(-1), wanted.reshape(-1))
    )
