"""Makes inputs of the type that a program works with: the numbers come from the host, the type from the program."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

import numpy as np

from grader.sandbox.inside.program.environment.torch_import import torch_or_none
from grader.sandbox.inside.program.values import is_tensor


def argument(item: dict[str, Any], requires_grad: bool) -> Any:
    """Return an input as the submission gets it: a plain number where it has no shape, else a tensor, or what it says.

    Args:
        item: an input of a probe; without `dtype` it has the default one, which of NumPy and lists is float64; without
            `device` it lies in the processor's memory.
    """
    numbers, shape, dtype = item["numbers"], item["shape"], item.get("dtype", "")
    if not shape and not requires_grad:
        return numbers[0]
    if "rows" in item:
        ends = list(accumulate(item["rows"]))
        pieces = [numbers[end - count : end] for end, count in zip(ends, item["rows"], strict=True)]
        one = {key: value for key, value in item.items() if key != "rows"}
        return [argument({**one, "numbers": piece, "shape": [len(piece)]}, requires_grad) for piece in pieces]
    arrays = item.get("arrays", "torch")
    if arrays != "torch":
        array = np.array(numbers, dtype=dtype or np.float64).reshape(shape)
        return array if arrays == "numpy" else array.tolist()
    import torch

    chosen = getattr(torch, dtype) if dtype else torch.get_default_dtype()
    tensor = torch.tensor(numbers, dtype=chosen, device=item.get("device")).reshape(shape)
    return tensor.requires_grad_(requires_grad)


def adapted(old: object, numbers: list[float], shape: list[int]) -> Any:
    """Return `numbers` in the type, dtype and layout of `old`; in the solution's run in float64, in float64.

    Raises:
        TypeError: where `old` is nothing that can hold them.
    """
    if is_tensor(old):
        return _adapted_tensor(old, numbers, shape)
    if isinstance(old, np.ndarray):
        dtype = old.dtype if old.dtype.kind == "f" and not _is_exact() else np.dtype(np.float64)
        return np.array(numbers, dtype=dtype).reshape(_layout(old.shape, shape))
    if isinstance(old, list | tuple):
        return _nested(old, numbers, shape)
    if isinstance(old, range):
        return _nested([], numbers, shape)
    if isinstance(old, bool) or not isinstance(old, int | float | np.generic) or shape:
        raise TypeError(type(old).__name__)
    return numbers[0]


def set_in_place(old: object, numbers: list[float]) -> bool:
    """Give the leaf tensor or array `old` new values and no gradient; say whether that was possible."""
    if is_tensor(old):
        return _set_tensor(old, numbers)
    if isinstance(old, np.ndarray) and old.dtype.kind == "f" and old.size == len(numbers) and old.flags.writeable:
        old[...] = np.array(numbers).reshape(old.shape)
        return True
    return False


def new_parameter(old: object, numbers: list[float], shape: list[int]) -> Any:
    """Return a value to rebind a parameter to that could not be set in place."""
    if not is_tensor(old):
        return adapted(old, numbers, shape)
    fresh = _adapted_tensor(old, numbers, shape).detach()
    return fresh.requires_grad_(bool(getattr(old, "requires_grad", False)))


def _set_tensor(tensor: Any, numbers: list[float]) -> bool:
    torch = torch_or_none()
    if not (tensor.is_leaf and tensor.is_floating_point() and tensor.numel() == len(numbers)):
        return False
    # What is detached shares its numbers, and no graph hears of the change.
    tensor.detach().copy_(torch.tensor(numbers, dtype=torch.float64).reshape(tensor.shape))
    tensor.grad = None
    return True


def _adapted_tensor(old: Any, numbers: list[float], shape: list[int]) -> Any:
    torch = torch_or_none()
    dtype = old.dtype if old.is_floating_point() and not _is_exact() else torch.get_default_dtype()
    fresh = torch.tensor(numbers, dtype=dtype, device=old.device).reshape(_layout(tuple(old.shape), shape))
    return fresh.requires_grad_(bool(old.requires_grad))


def _is_exact() -> bool:
    """Whether this is the solution's run in float64; data that are float32 by name are float64 there."""
    torch = torch_or_none()
    return torch is not None and torch.get_default_dtype() is torch.float64


def _layout(old: tuple[int, ...], shape: list[int]) -> list[int]:
    """Return the shape that a vector takes in the layout of `old`: column, row, scalar or its own."""
    count = math.prod(shape)
    if len(shape) <= 1:
        if len(old) == 2 and old[1] == 1:
            return [count, 1]
        if len(old) == 2 and old[0] == 1:
            return [1, count]
    return list(old) if math.prod(old) == count == 1 else shape


def _nested(old: list[Any] | tuple[Any, ...], numbers: list[float], shape: list[int]) -> Any:
    first = old[0] if old else 0.0
    if len(shape) <= 1:
        items = [adapted(first, [number], []) if _one(first) else number for number in numbers]
    else:
        step = math.prod(shape[1:])
        items = [_nested([], numbers[i : i + step], shape[1:]) for i in range(0, len(numbers), step)]
    return tuple(items) if isinstance(old, tuple) else items


def _one(thing: object) -> bool:
    """Whether `thing` is a list, tensor or array around one number, as in [[1.0], [2.0]]."""
    if is_tensor(thing) or isinstance(thing, np.ndarray):
        return math.prod(getattr(thing, "shape", ())) == 1
    return isinstance(thing, list | tuple) and len(thing) == 1
