"""Describes the submission's objects as plain numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.environment.torch_import import torch_or_none

Floats = NDArray[np.float64]

MOST_NUMBERS = 4_000_000
MOST_DIMENSIONS = 8
# A text is compared whole, up to here.
MOST_TEXT = 2000


def is_tensor(thing: object) -> bool:
    torch = torch_or_none()
    return torch is not None and isinstance(thing, torch.Tensor)


def as_sent(thing: object, blocks: Blocks) -> dict[str, Any]:
    """Describe `thing` for the wire; its numbers, if it has any, go to the end of `blocks`."""
    name = type(thing).__name__[:200]
    if thing is None:
        return {"kind": "none", "type_name": "None"}
    if is_tensor(thing):
        return _tensor_as_sent(thing, name, blocks)
    if isinstance(thing, str):
        return {"kind": "text", "type_name": name, "text": thing[:MOST_TEXT].encode("utf-8", "replace").decode()}
    numbers = _numbers(thing)
    if numbers is None or numbers.size > MOST_NUMBERS or numbers.ndim > MOST_DIMENSIONS:
        return {"kind": "other", "type_name": name}
    kind = "list" if isinstance(thing, list | tuple) else "number" if numbers.ndim == 0 else "array"
    return {"kind": kind, "type_name": name, "dtype": _dtype_of(thing), "data": put(numbers, blocks)}


def tensor_numbers(tensor: Any) -> Floats | None:
    """Return a tensor's numbers as float64, or None where that is impossible (complex, sparse, too large, meta)."""
    torch = torch_or_none()
    if tensor is None:
        return None
    if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        return _unwrapped_numbers(tensor)
    if tensor.numel() > MOST_NUMBERS or tensor.dim() > MOST_DIMENSIONS or tensor.is_complex():
        return None
    try:
        plain = tensor.detach()
        # What most are already costs no call: a record of a loop is made of hundreds of these.
        if plain.device.type != "cpu" or plain.dtype not in (torch.float32, torch.float64):
            plain = plain.to("cpu", torch.float64)
        return np.array(plain.numpy(), dtype=np.float64, copy=True)
    except (RuntimeError, TypeError, NotImplementedError):
        return None


def _unwrapped_numbers(tensor: Any) -> Floats | None:
    """Return the numbers of a tensor that torch.func computes with: tensors around tensors, in a mode of its own."""
    import torch
    from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack

    while torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        tensor = torch._C._functorch.get_unwrapped(tensor)
    with temporarily_clear_interpreter_stack():
        return tensor_numbers(tensor)


def _tensor_as_sent(tensor: Any, name: str, blocks: Blocks) -> dict[str, Any]:
    numbers = tensor_numbers(tensor)
    dtype = str(tensor.dtype).removeprefix("torch.")
    if numbers is None:
        return {"kind": "other", "type_name": f"{name} ({dtype})"}
    return {
        "kind": "tensor",
        "type_name": name,
        "dtype": dtype,
        "requires_grad": bool(tensor.requires_grad),
        "leaf": bool(tensor.is_leaf),
        "data": put(numbers, blocks),
    }


def numbers_of(thing: object) -> Floats | None:
    """Return the numbers of a tensor, an array, a number or nested lists of them in their shape; None of others."""
    return tensor_numbers(thing) if is_tensor(thing) else _numbers(thing)


def _numbers(thing: object) -> Floats | None:
    if isinstance(thing, complex):
        return None
    if isinstance(thing, int | float):
        try:
            return np.array(float(thing))
        except OverflowError:
            return np.array(math.inf if thing > 0 else -math.inf)
    if isinstance(thing, np.ndarray | np.generic):
        array = np.asarray(thing)
        return array.astype(np.float64) if array.dtype.kind in "fiub" and array.size <= MOST_NUMBERS else None
    if isinstance(thing, list | tuple):
        return _list_numbers(thing)
    return None


def _list_numbers(things: list[Any] | tuple[Any, ...]) -> Floats | None:
    if len(things) > MOST_NUMBERS:
        return None
    parts = [numbers_of(thing) for thing in things]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or len({part.shape for part in known}) > 1:
        return None
    return np.stack(known) if known else np.zeros(0)


def _dtype_of(thing: object) -> str:
    """Return a dtype, a number's type, and of nested lists "int" where all in them is whole, so that it is compared so.

    Everything of a tensor is called as of an array: int64, not torch.int64.
    """
    if isinstance(thing, list | tuple):
        inner = {_dtype_of(part) for part in thing}
        return "int" if inner and all(dtype.startswith(("int", "uint", "bool")) for dtype in inner) else ""
    return str(getattr(thing, "dtype", type(thing).__name__)).removeprefix("torch.")[:40]


def put(numbers: Floats | None, blocks: Blocks) -> str | None:
    """Append an array to `blocks`; return the reference by which the header names it, None for no array."""
    if numbers is None:
        return None
    blocks.append(numbers)
    return str(len(blocks) - 1)
