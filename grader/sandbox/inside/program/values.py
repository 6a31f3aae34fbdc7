"""Between the submission's objects and plain numbers, in both directions."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST_NUMBERS = 4_000_000
_MOST_DIMENSIONS = 8
_INTEGERS = ("int", "uint", "bool")


def torch_or_none() -> Any:
    """Return torch if this process has imported it. A plain-Python exercise never pays for it."""
    return sys.modules.get("torch")


def is_tensor(thing: object) -> bool:
    torch = torch_or_none()
    return torch is not None and isinstance(thing, torch.Tensor)


def as_sent(thing: object, blocks: list[Floats]) -> dict[str, Any]:
    """Describe `thing` for the wire; its numbers, if it has any, go to the end of `blocks`."""
    name = type(thing).__name__[:200]
    if thing is None:
        return {"kind": "none", "type_name": "None"}
    if is_tensor(thing):
        return _tensor_as_sent(thing, name, blocks)
    numbers = _numbers(thing)
    if numbers is None or numbers.size > _MOST_NUMBERS or numbers.ndim > _MOST_DIMENSIONS:
        return {"kind": "other", "type_name": name}
    kind = "list" if isinstance(thing, list | tuple) else "number" if numbers.ndim == 0 else "array"
    return {"kind": kind, "type_name": name, "dtype": _dtype_of(thing), "data": _put(numbers, blocks)}


def tensor_numbers(tensor: Any) -> Floats | None:
    """Return a tensor's numbers as float64, or None where that is impossible (complex, sparse, too large, meta)."""
    torch = torch_or_none()
    if tensor is None:
        return None
    if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        return _unwrapped_numbers(tensor)
    if tensor.numel() > _MOST_NUMBERS or tensor.dim() > _MOST_DIMENSIONS or tensor.is_complex():
        return None
    try:
        plain = tensor.detach()
        # What most are already costs no call: a record of a loop is made of hundreds of these.
        if plain.device.type != "cpu" or plain.dtype not in (torch.float32, torch.float64):
            plain = plain.to("cpu", torch.float64)
        return np.array(plain.numpy(), dtype=np.float64, copy=True)
    except (RuntimeError, TypeError, NotImplementedError):
        return None


def snapshot(tensor: Any) -> Any:
    """Return what `tensor` holds now, to be read later.

    That is a copy of it; of one number, that number and the shape, which costs a fifth; or where it is not plain, its
    numbers.
    """
    torch = torch_or_none()
    plain = type(tensor) is torch.Tensor or type(tensor) is torch.nn.Parameter
    if not plain or tensor.dtype not in (torch.float32, torch.float64) or tensor.layout is not torch.strided:
        return tensor_numbers(tensor)
    if torch._C._functorch.is_functorch_wrapped_tensor(tensor) or not tensor.is_cpu:
        return tensor_numbers(tensor)
    count = tensor.numel()
    # In a stack it gets one dimension more.
    if count > _MOST_NUMBERS or tensor.dim() >= _MOST_DIMENSIONS:
        return tensor_numbers(tensor)
    return (tensor.item(), tensor.shape) if count == 1 else tensor.detach().clone()


def kind_of(taken: Any) -> Any:
    """Return what snapshots have to have in common to lie in one block; numbers by themselves lie alone."""
    if type(taken) is tuple:
        return taken[1]
    if taken is None:
        return None
    return object() if isinstance(taken, np.ndarray) else (taken.dtype, taken.shape)


class Stacks:
    """Puts snapshots of one shape and dtype into one block: a loop leaves hundreds, each of a few numbers."""

    def __init__(self, blocks: list[Floats]) -> None:
        self._blocks = blocks
        self._stacks: list[tuple[int, list[Any]]] = []
        self._open: dict[Any, tuple[int, list[Any]]] = {}

    def put(self, taken: Sequence[Any]) -> str | None:
        """Return the reference of snapshots of one kind: their block, and the first one's row there.

        None for what holds no numbers.
        """
        first = taken[0]
        if first is None or isinstance(first, np.ndarray):
            return None if first is None else _put(first, self._blocks)
        kind = kind_of(first)
        size = 1 if type(first) is tuple else first.numel()
        place, rows = self._open.get(kind, (0, []))
        if not rows or (len(rows) + len(taken)) * size > _MOST_NUMBERS:
            place, rows = self._open[kind] = (len(self._blocks), [])
            self._stacks.append((place, rows))
            self._blocks.append(np.zeros(0))
        rows += taken
        return f"{place}.{len(rows) - len(taken)}"

    def close(self) -> None:
        """Fill the blocks that `put` gave references to."""
        torch = torch_or_none()
        for place, rows in self._stacks:
            if type(rows[0]) is tuple:
                self._blocks[place] = np.array([number for number, _ in rows]).reshape(len(rows), *rows[0][1])
            else:
                self._blocks[place] = torch.stack(rows).to(torch.float64).numpy()


def _unwrapped_numbers(tensor: Any) -> Floats | None:
    """Return the numbers of a tensor that torch.func computes with: tensors around tensors, in a mode of its own."""
    import torch
    from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack

    while torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        tensor = torch._C._functorch.get_unwrapped(tensor)
    with temporarily_clear_interpreter_stack():
        return tensor_numbers(tensor)


def argument(numbers: list[float], shape: list[int], requires_grad: bool) -> Any:
    """Return an input as the submission gets it: a plain number where it has no shape, else a tensor."""
    if not shape and not requires_grad:
        return numbers[0]
    import torch

    tensor = torch.tensor(numbers, dtype=torch.get_default_dtype()).reshape(shape)
    return tensor.requires_grad_(requires_grad)


def adapted(old: object, numbers: list[float], shape: list[int]) -> Any:
    """Return `numbers` in the type, dtype and layout of `old`.

    Raises:
        TypeError: where `old` is nothing that can hold them.
    """
    if is_tensor(old):
        return _adapted_tensor(old, numbers, shape)
    if isinstance(old, np.ndarray):
        dtype = old.dtype if old.dtype.kind == "f" else np.dtype(np.float64)
        return np.array(numbers, dtype=dtype).reshape(_layout(old.shape, shape))
    if isinstance(old, list | tuple):
        return _nested(old, numbers, shape)
    if isinstance(old, bool) or not isinstance(old, int | float | np.generic) or shape:
        raise TypeError(type(old).__name__)
    return numbers[0]


def set_in_place(old: object, numbers: list[float], shape: list[int]) -> bool:
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
    dtype = old.dtype if old.is_floating_point() else torch.get_default_dtype()
    fresh = torch.tensor(numbers, dtype=dtype, device=old.device).reshape(_layout(tuple(old.shape), shape))
    return fresh.requires_grad_(bool(old.requires_grad))


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


def _tensor_as_sent(tensor: Any, name: str, blocks: list[Floats]) -> dict[str, Any]:
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
        "data": _put(numbers, blocks),
    }


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
        return array.astype(np.float64) if array.dtype.kind in "fiub" and array.size <= _MOST_NUMBERS else None
    if isinstance(thing, list | tuple):
        return _list_numbers(thing)
    return None


def _list_numbers(things: list[Any] | tuple[Any, ...]) -> Floats | None:
    if len(things) > _MOST_NUMBERS:
        return None
    parts = [tensor_numbers(thing) if is_tensor(thing) else _numbers(thing) for thing in things]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or len({part.shape for part in known}) > 1:
        return None
    return np.stack(known) if known else np.zeros(0)


def _dtype_of(thing: object) -> str:
    return str(getattr(thing, "dtype", "" if isinstance(thing, list | tuple) else type(thing).__name__))[:40]


def _put(numbers: Floats, blocks: list[Floats]) -> str:
    blocks.append(numbers)
    return str(len(blocks) - 1)
