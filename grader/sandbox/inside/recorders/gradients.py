"""Records the gradients of a call's outputs: a vector-Jacobian product with cotangents that the host draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.sandbox.inside.asking.modules import Fit
from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.values import Floats, is_tensor, put, tensor_numbers


def gradients_as_sent(
    program: Program,
    outputs: list[Any],
    cotangents: list[list[float] | None],
    named: dict[str, Any],
    shaped: Mapping[str, Fit],
    blocks: Blocks,
) -> dict[str, Any]:
    """Describe the gradients of each output with respect to the objects in `named`.

    Args:
        cotangents: for each output as many numbers as it has, or None where it counts for nothing.
        shaped: what of `named` takes the place of a parameter of the solution, and is told in its shape.
    """
    able = {name: thing for name, thing in named.items() if is_tensor(thing) and thing.requires_grad}
    told: dict[str, Any] = {"not_required": sorted(set(named) - set(able))}
    try:
        gradients = vjps(outputs, cotangents, list(able.values()))
        numbers = [[None if one is None else tensor_numbers(one) for one in of_output] for of_output in gradients]
        told["gradients"] = {
            name: [put(_laid(each[i], shaped.get(name)), blocks) for each in numbers] for i, name in enumerate(able)
        }
    except BaseException as error:
        told["raised"] = program.raised(error)
    return told


def _laid(numbers: Floats | None, fit: Fit | None) -> Floats | None:
    return numbers if numbers is None or fit is None else fit.as_solutions(numbers)


def vjps(outputs: list[Any], cotangents: list[list[float] | None], inputs: list[Any]) -> list[list[Any]]:
    """Return each output's vector-Jacobian product with respect to each input, None where no gradient arrives."""
    roots = [
        place
        for place, (output, cotangent) in enumerate(zip(outputs, cotangents, strict=True))
        if is_tensor(output) and cotangent is not None and output.requires_grad
    ]
    found: list[list[Any]] = [[None] * len(inputs) for _ in outputs]
    for place in roots if inputs else ():
        # Several results have most of their graph in common.
        found[place] = vjp(outputs[place], cotangents[place] or [], inputs, keep_graph=place != roots[-1])
    return found


def vjp(output: Any, cotangent: list[float], inputs: list[Any], keep_graph: bool) -> list[Any]:
    """Return the vector-Jacobian product of one output with respect to each input."""
    import torch
    from torch.autograd.variable import Variable

    # As torch.autograd.grad does, which first imports sympy, half a second, to look at the shapes.
    engine: Any = Variable._execution_engine
    vector = torch.tensor(cotangent, dtype=output.dtype, device=output.device).reshape(output.shape)
    create_graph = False
    return list(
        engine.run_backward(
            (output,), (vector,), keep_graph, create_graph, tuple(inputs), allow_unreachable=True, accumulate_grad=False
        )
    )
