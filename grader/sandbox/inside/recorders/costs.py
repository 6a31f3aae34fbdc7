"""Counts what a call asks of torch: how often, and how many numbers that makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.sandbox.inside.program.environment.torch_import import torch_or_none
from grader.sandbox.inside.program.values import is_tensor

# More is no count of a call.
_MOST = 10**15


def counted(call: Callable[[], Any]) -> tuple[Any, dict[str, int]]:
    """Make a call; return what it gives, and how many `operations` it takes in how many `calls` of torch's."""
    if torch_or_none() is None:
        return call(), {"operations": 0, "calls": 0}
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils.flop_counter import flop_registry

    count = {"operations": 0, "calls": 0}

    mode: Any = TorchDispatchMode

    class Counting(mode):  # type: ignore[misc]
        @classmethod
        def _should_skip_dynamo(cls) -> bool:
            # Otherwise torch._dynamo is imported, a second of work and more.
            return False

        def __torch_dispatch__(self, operation: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
            made = operation(*args, **(kwargs or {}))
            # A view is a shape, or an element of a loop: no number is made.
            if not getattr(operation, "is_view", False):
                flops = flop_registry.get(getattr(operation, "_overloadpacket", None))
                count["calls"] += 1
                count["operations"] += (
                    _numbers(made) if flops is None else int(flops(*args, **(kwargs or {}), out_val=made))
                )
            return made

    with Counting():
        result = call()
    return result, {name: min(number, _MOST) for name, number in count.items()}


def _numbers(made: Any) -> int:
    """Return how many numbers an operation made."""
    parts = made if isinstance(made, tuple | list) else (made,)
    return sum(part.numel() for part in parts if is_tensor(part))
