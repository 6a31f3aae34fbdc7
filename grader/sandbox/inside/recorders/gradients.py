"""Records the gradients of a call's outputs: a vector-Jacobian product with cotangents that the host draws."""

from __future__ import annotations

from typing import Any

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.values import is_tensor, put, tensor_numbers


def gradients_as_sent(
    program: Program,
    outputs: list[Any],
    cotangents: list[list[float] | None],
    named: dict[str, Any],
    blocks: Blocks,
) -> dict[str, Any]:
    """Describe the gradients with respect to the objects in `named`.

    Args:
        cotangents: for each output as many numbers as it has, or None where it counts for nothing.
    """
    able = {name: thing for name, thing in named.items() if is_tensor(thing) and thing.requires_grad}
    told: dict[str, Any] = {"not_required": sorted(set(named) - set(able))}
    try:
        gradients = vjp(outputs, cotangents, list(able.values()))
        numbers = [None if gradient is None else tensor_numbers(gradient) for gradient in gradients]
        told["gradients"] = {name: put(numbers[i], blocks) for i, name in enumerate(able)}
    except BaseException as error:
        told["raised"] = program.raised(error)
    return told


def vjp(outputs: list[Any], cotangents: list[list[float] | None], inputs: list[Any]) -> list[Any]:
    """Return the vector-Jacobian product with respect to each input, None where no gradient arrives."""
    import torch
    from torch.autograd.variable import Variable

    roots = [
        (output, torch.tensor(cotangent, dtype=output.dtype).reshape(output.shape))
        for output, cotangent in zip(outputs, cotangents, strict=True)
        if is_tensor(output) and cotangent is not None and output.requires_grad
    ]
    if not roots or not inputs:
        return [None] * len(inputs)
    # As torch.autograd.grad does, which first imports sympy, half a second, to look at the shapes.
    engine: Any = Variable._execution_engine
    tensors, vectors = zip(*roots, strict=True)
    keep_graph = create_graph = False
    return list(
        engine.run_backward(
            tensors, vectors, keep_graph, create_graph, tuple(inputs), allow_unreachable=True, accumulate_grad=False
        )
    )
