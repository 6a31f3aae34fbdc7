"""Takes from torch what computes derivatives, where these are to be found by hand; tensors stay as they are.

A rule, not a lock: who looks for it finds a way to what is compiled into torch.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from grader.sandbox.inside.program.environment.shims import no_derivatives
from grader.sandbox.inside.program.environment.torch_import import torch_or_none, when_torch_is_imported

# What torch.func and functorch begin and end with.
_TRANSFORMS = tuple(f"_{name}_{way}_nesting" for name in ("grad", "jvp", "vmap") for way in ("increment", "decrement"))
# The same of forward mode.
_LEVELS = ("_enter_dual_level", "_exit_dual_level")
_BACKWARD = "_backward"
# Where these may have been taken to.
_USERS = ("torch._functorch", "torch._higher_order_ops", "torch._dynamo", "torch.func", "functorch")


def without_transforms() -> None:
    """Let torch's function transforms and its forward mode say that the exercise is done by hand; take SymPy away."""
    sys.modules["sympy"] = None  # type: ignore[assignment]
    when_torch_is_imported(_without_transforms)


def without_backward() -> None:
    """Let backward passes say so too. A run that is recorded has them counted instead."""
    when_torch_is_imported(_without_backward)


def find_transforms() -> None:
    """Find where torch's transforms are, for all children: one that looks copies the memory of all that it looks at."""
    torch = torch_or_none()
    if torch is not None:
        _places(torch)


def _without_transforms(torch: Any) -> None:
    for names, name in _places(torch):
        names[name] = no_derivatives
    _without_operators(torch.ops.aten)
    # A second engine would be neither refused nor counted.
    torch._C._ImperativeEngine = torch.autograd.variable.ImperativeEngine = no_derivatives


def _without_operators(aten: Any) -> None:
    """Let the operators say so that torch has for its own backward passes, those found already and those to come."""
    find = type(aten).__getattr__
    if find.__module__ == __name__:
        # Programs of the course share a child.
        return

    def found(namespace: Any, name: str) -> Any:
        return no_derivatives if name.endswith(_BACKWARD) else find(namespace, name)

    type(aten).__getattr__ = found
    for name in [name for name in vars(aten) if name.endswith(_BACKWARD)]:
        setattr(aten, name, no_derivatives)


def _places(torch: Any) -> list[tuple[dict[str, Any], str]]:
    """Return the names of transforms, each with the namespace that has it."""
    if _FOUND.modules != len(sys.modules):
        compiled = ((vars(torch._C._functorch), _TRANSFORMS), (vars(torch._C), _LEVELS))
        places = [(names, name) for names, wanted in compiled for name in wanted]
        taken = {id(names[name]) for names, name in places}
        for user in [vars(module) for name, module in sys.modules.items() if name.startswith(_USERS)]:
            places += [(user, name) for name, thing in user.items() if id(thing) in taken]
        _FOUND.modules, _FOUND.places = len(sys.modules), places
    return _FOUND.places


def _without_backward(torch: Any) -> None:
    torch.autograd.Variable._execution_engine = _NoEngine()


@dataclass
class _Found:
    """Places that were found when there were so many modules."""

    modules: int = 0
    places: list[tuple[dict[str, Any], str]] = field(default_factory=list)


_FOUND = _Found()


class _NoEngine:
    """Stands in for torch's engine."""

    def run_backward(self, *_: Any, **__: Any) -> Any:
        no_derivatives()
