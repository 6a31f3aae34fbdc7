"""Counts what a call asks of torch: how often, and how many numbers that makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.sandbox.inside.program.torch_import import torch_or_none

# More is no count of a call.
_MOST = 10**15


def counted(call: Callable[[], Any]) -> tuple[Any, dict[str, int]]:
    """Make a call; return what it gives, and how many `operations` it takes in how many `calls` of torch's."""
    torch = torch_or_none()
    if torch is None:
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
            if operation.is_view:
                # A shape, an element of a loop: no number is made.
                return made
            flops = flop_registry.get(operation._overloadpacket)
            count["calls"] += 1
            if flops is not None:
                count["operations"] += int(flops(*args, **(kwargs or {}), out_val=made))
            else:
                parts = made if isinstance(made, tuple | list) else (made,)
                count["operations"] += sum(part.numel() for part in parts if isinstance(part, torch.Tensor))
            return made

    with Counting():
        result = call()
    return result, {name: min(number, _MOST) for name, number in count.items()}
