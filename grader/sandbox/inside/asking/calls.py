"""Calls a submission's function as the exercise says: the given names, the arguments, the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from grader.core.autodiff.expression import parse
from grader.sandbox.inside.asking.expressions import compute
from grader.sandbox.inside.asking.modules import (
    MOST_PARAMETERS,
    Fit,
    drawn,
    fitted,
    is_lazy,
    is_module,
    keep_padding,
    names_in_use,
    parameters_of,
    slots_of,
)
from grader.sandbox.inside.asking.objects import Scope
from grader.sandbox.inside.program.inputs import adapted, argument
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.signatures import accepts, is_function, parameters
from grader.sandbox.inside.program.values import Floats, numbers_of


@dataclass(frozen=True)
class PreparedCall:
    """What is called, and all inputs of the probe by name.

    Attributes:
        inputs: arguments, and the objects under `let`.
        fits: of modules that were given parameters, which of theirs took which place, by the module's name.
        scope: what the author's expressions see.
    """

    result: Callable[[], Any]
    inputs: dict[str, Any]
    scope: Scope
    fits: Mapping[str, list[Fit]]


@dataclass(frozen=True)
class Refused:
    """Why a call cannot be made.

    `unbound` names, a `missing` function, the `signature` that it has instead, or a `module` of other parameters.
    """

    why: dict[str, Any]


def prepared_call(program: Program, probe: dict[str, Any]) -> PreparedCall | Refused:
    """Set the given names, and make the arguments and the objects of a probe's call.

    An argument without a size is a number and one with a size a tensor, whatever is imported.
    """
    unbound = give(program, probe)
    if unbound:
        return Refused({"unbound": unbound})
    name, order = probe["call"]["function"], probe["call"]["arguments"]
    for each in probe.get("wanted", ()):
        if each not in program:
            return Refused({"missing": each})
    made = {each for each, _ in probe.get("let", ())}
    if name and name not in made and not callable(program.names.get(name)):
        return Refused({"missing": name})
    scope = _scope(program, probe)
    fits: dict[str, list[Fit]] = {}
    for wanted in probe.get("modules", ()):
        fit = _filled(program, probe, scope, wanted)
        if isinstance(fit, Refused):
            return fit
        fits[wanted["name"]] = fit
    if "expression" in probe["call"]:
        return PreparedCall(partial(scope.value, probe["call"]["expression"]), scope.made, scope, fits)
    function = scope.made[name] if name in made else program.names[name]
    if is_function(function) and not accepts(function, len(order)):
        return Refused({"signature": parameters(function)})
    return PreparedCall(partial(function, *(scope.made[each] for each in order)), scope.made, scope, fits)


def _scope(program: Program, probe: dict[str, Any]) -> Scope:
    scope = Scope(program, program.helpers, inputs_of(program, probe), probe.get("device", ""))
    scope.make(probe.get("let", ()))
    return scope


def _filled(program: Program, probe: dict[str, Any], scope: Scope, wanted: dict[str, Any]) -> list[Fit] | Refused:
    """Put numbers into the parameters of a module, or say that they are not the solution's."""
    name = wanted["name"]
    module = scope.made[name]
    if not is_module(module):
        return Refused({"module": {"name": name, "type_name": type(module).__name__[:200], "slots": []}})
    others = 0

    def in_order_of_use() -> list[str]:
        nonlocal others
        # With objects of its own: a call may change what it is made with.
        beside = _scope(program, probe)
        used, others = names_in_use(parameters_of(beside.made[name]), partial(beside.value, expression))
        return used

    call = probe["call"]
    expression = call.get("expression") or f"{call['function']}({', '.join(call['arguments'])})"
    if any(is_lazy(each) for each in parameters_of(module).values()):
        # Its parameters get their shapes from the first input.
        scope.value(expression)
    own = parameters_of(module)
    fits = fitted(own, wanted["layout"], in_order_of_use) if len(own) <= MOST_PARAMETERS else None
    if fits is None:
        in_order_of_use()
        slots = slots_of(own)[:MOST_PARAMETERS]
        return Refused({"module": {"name": name, "type_name": "", "slots": slots, "unregistered": others}})
    for fit in fits:
        fit.put(drawn(wanted["distribution"], wanted["seed"], fit.slot, fit.shape))
    keep_padding(module)
    return fits


def give(program: Program, probe: dict[str, Any]) -> list[str]:
    """Set the given names; return those that are not bound, or that cannot hold the numbers."""
    given = probe["given"]
    unbound = [item["name"] for item in given if item["name"] not in program.names and not item["optional"]]
    return unbound or [item["name"] for item in given if item["name"] in program.names and program.assign(item)]


def inputs_of(program: Program, probe: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a probe, by name."""
    where = {"device": probe["device"]} if "device" in probe else {}
    drawn = {
        item["name"]: _argument(program, {**item, **where}, item["name"] in probe["gradients"])
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
    return argument(item, requires_grad)


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
