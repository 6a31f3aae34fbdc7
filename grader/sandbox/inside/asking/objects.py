"""Makes what a probe is about beside its arguments: the objects under `let`, and what expressions come to."""

from __future__ import annotations

import ast
import builtins
import math
import random
import types
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from grader.sandbox.inside.asking.modules import is_module
from grader.sandbox.inside.program.environment.torch_import import torch_or_none
from grader.sandbox.inside.program.program import Program

# What a check calls the device that it is tried on.
DEVICE = "device"
_OF_TORCH = frozenset({"torch", "nn", "F"})


class Scope:
    """The names that an author's expressions see: what is made for the probe, the libraries, the submission's own.

    Args:
        helpers: the author's functions.
        inputs: the arguments of the probe; they, and what is made of them here, go before all else.
        device: on which modules that are made here lie, and what expressions call so; "" where none is spoken of.
    """

    def __init__(
        self, program: Program, helpers: Mapping[str, Any], inputs: Mapping[str, Any], device: str = ""
    ) -> None:
        self._program = program
        self._helpers = helpers
        self._device = device
        self.made: dict[str, Any] = {**program.trained, **inputs, **({DEVICE: device} if device else {})}

    def make(self, let: Sequence[Sequence[str]]) -> None:
        """Make objects, one after the other; a later one may be made of an earlier one."""
        if let:
            reseed()
        for name, expression in let:
            made = self.value(expression)
            self.made[name] = made.to(self._device) if self._device and is_module(made) else made

    def value(self, expression: str) -> Any:
        """Return what an expression comes to; raises whatever the submission raises."""
        code = compile(expression, "<ask>", "eval")
        return eval(code, self._names(code, expression))  # noqa: S307 - the author's own expression

    def _names(self, code: types.CodeType, expression: str) -> dict[str, Any]:
        libraries: dict[str, Any] = {"np": np, "math": math, "program": self._program.module}
        if _OF_TORCH & {*code.co_names}:
            import torch

            libraries |= {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
        # net.Net(3) asks the file, though net = Net() is common at the top level of another; train(x) the function.
        asked = _asked_for_names(expression)
        own = self._program.own.named(
            name for name in code.co_names if name in asked or name not in self._program.names
        )
        return {**self._program.names, **own, "__builtins__": builtins, **libraries, **self._helpers, **self.made}


@lru_cache(maxsize=64)
def _asked_for_names(expression: str) -> frozenset[str]:
    """Return the names in an expression of which an attribute is asked."""
    nodes = ast.walk(ast.parse(expression, mode="eval"))
    return frozenset(
        node.value.id for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )


def reseed(seed: int = 0) -> None:
    """Begin the random numbers anew, so that what one probe draws does not depend on what the last one did."""
    random.seed(seed)
    np.random.seed(seed)
    torch = torch_or_none()
    if torch is not None:
        torch.default_generator.manual_seed(seed)
