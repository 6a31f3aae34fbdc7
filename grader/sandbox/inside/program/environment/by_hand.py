"""Takes from torch what computes derivatives, where these are to be found by hand; tensors stay as they are.

A rule, not a lock: who looks for it finds a way to what is compiled into torch.
"""

from __future__ import annotations

import sys
from typing import Any

from grader.sandbox.inside.program.environment.shims import no_derivatives
from grader.sandbox.inside.program.environment.torch_import import when_torch_is_imported

# What torch.func and functorch begin and end with.
_TRANSFORMS = tuple(f"_{name}_{way}_nesting" for name in ("grad", "jvp", "vmap") for way in ("increment", "decrement"))
# The same of forward mode.
_LEVELS = ("_enter_dual_level", "_exit_dual_level")
# Where these may have been taken to.
_USERS = ("torch._functorch", "torch._higher_order_ops", "torch._dynamo", "torch.func", "functorch")


def without_transforms() -> None:
    """Let torch's function transforms and its forward mode say that the exercise is done by hand."""
    when_torch_is_imported(_without_transforms)


def without_backward() -> None:
    """Let backward passes say so too. A run that is recorded has them counted instead."""
    when_torch_is_imported(_without_backward)


def _without_transforms(torch: Any) -> None:
    compiled = ((torch._C._functorch, _TRANSFORMS), (torch._C, _LEVELS))
    taken = {id(getattr(module, name)) for module, names in compiled for name in names}
    for module, names in compiled:
        for name in names:
            setattr(module, name, no_derivatives)
    for user in [vars(module) for name, module in sys.modules.items() if name.startswith(_USERS)]:
        for name, thing in list(user.items()):
            if id(thing) in taken:
                user[name] = no_derivatives


def _without_backward(torch: Any) -> None:
    torch.autograd.Variable._execution_engine = _NoEngine()


class _NoEngine:
    """Stands in for torch's engine."""

    def run_backward(self, *_: Any, **__: Any) -> Any:
        no_derivatives()
