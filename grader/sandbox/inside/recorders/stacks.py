"""Snapshots of tensors, and the blocks that many of them lie in: a loop leaves hundreds, each of a few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.environment.torch_import import torch_or_none
from grader.sandbox.inside.program.values import MOST_DIMENSIONS, MOST_NUMBERS, put, tensor_numbers


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
    if count > MOST_NUMBERS or tensor.dim() >= MOST_DIMENSIONS:
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

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._stacks: list[tuple[int, list[Any]]] = []
        self._open: dict[Any, tuple[int, list[Any]]] = {}

    def put(self, taken: Sequence[Any]) -> str | None:
        """Return the reference of snapshots of one kind: their block, and the first one's row there.

        None for what holds no numbers.
        """
        first = taken[0]
        if first is None or isinstance(first, np.ndarray):
            return put(first, self._blocks)
        kind = kind_of(first)
        size = 1 if type(first) is tuple else first.numel()
        place, rows = self._open.get(kind, (0, []))
        if not rows or (len(rows) + len(taken)) * size > MOST_NUMBERS:
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
