"""Counts what a call costs: how often torch is asked, how many numbers that makes, how much memory is held at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import ExitStack
from typing import Any

from grader.sandbox.inside.program.environment.torch_import import torch_or_none
from grader.sandbox.inside.program.values import is_tensor
from grader.sandbox.inside.recorders.memory import Held

# More is no count of a call.
_MOST = 10**15


def counted(call: Callable[[], Any], asked: Collection[str] = ("operations", "calls")) -> tuple[Any, dict[str, int]]:
    """Make a call; return what it gives, and what it costs.

    Args:
        asked: of `operations` (numbers that torch makes), `calls` (how often it is asked), `memory` (bytes at once).
    """
    count = dict.fromkeys(asked, 0)
    held = Held() if "memory" in count else None
    with ExitStack() as stack:
        if held is not None:
            stack.enter_context(held.counting())
        if torch_or_none() is not None:
            stack.enter_context(_counting(count, held))
        result = call()
    if held is not None:
        count["memory"] = held.most
    return result, {name: min(number, _MOST) for name, number in count.items()}


def _counting(count: dict[str, int], held: Held | None) -> Any:
    """Return the mode of torch that counts as long as it is entered."""
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils.flop_counter import flop_registry

    mode: Any = TorchDispatchMode

    class Counting(mode):  # type: ignore[misc]
        @classmethod
        def _should_skip_dynamo(cls) -> bool:
            # Otherwise torch._dynamo is imported, a second of work and more.
            return False

        def __torch_dispatch__(self, operation: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
            kwargs = kwargs or {}
            packet = getattr(operation, "_overloadpacket", None)
            if held is not None:
                # What torch.tensor makes is there before any operation.
                held.met((args, kwargs), fresh=getattr(packet, "__name__", "") in ("lift", "lift_fresh"))
            made = operation(*args, **kwargs)
            if held is not None:
                held.made(made)
            # A view is a shape, or an element of a loop: no number is made.
            if not getattr(operation, "is_view", False):
                if "calls" in count:
                    count["calls"] += 1
                if "operations" in count:
                    flops = flop_registry.get(packet)
                    count["operations"] += (
                        _numbers(made) if flops is None else int(flops(*args, **kwargs, out_val=made))
                    )
            return made

    return Counting()


def _numbers(made: Any) -> int:
    """Return how many numbers an operation made."""
    parts = made if isinstance(made, tuple | list) else (made,)
    return sum(part.numel() for part in parts if is_tensor(part))
