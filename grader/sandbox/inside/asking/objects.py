"""Makes what a probe is about beside its arguments: the objects under `let`, and what expressions come to."""

from __future__ import annotations

import builtins
import math
import random
import types
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.sandbox.inside.program.program import Program
from grader.sandbox.inside.program.torch_import import torch_or_none

_OF_TORCH = frozenset({"torch", "nn", "F"})


class Scope:
    """The names that an author's expressions see: what is made for the probe, the libraries, the submission's own.

    Args:
        helpers: the author's functions.
        inputs: the arguments of the probe; they, and what is made of them here, go before all else.
    """

    def __init__(self, program: Program, helpers: Mapping[str, Any], inputs: Mapping[str, Any]) -> None:
        self._program = program
        self._helpers = helpers
        self.made: dict[str, Any] = {**program.trained, **inputs}

    def make(self, let: Sequence[Sequence[str]]) -> None:
        """Make objects, one after the other; a later one may be made of an earlier one."""
        if let:
            reseed()
        for name, expression in let:
            self.made[name] = self.value(expression)

    def value(self, expression: str) -> Any:
        """Return what an expression comes to; raises whatever the submission raises."""
        code = compile(expression, "<ask>", "eval")
        return eval(code, self._names(code))  # noqa: S307 - the author's own expression

    def _names(self, code: types.CodeType) -> dict[str, Any]:
        libraries: dict[str, Any] = {"np": np, "math": math, "program": self._program.module}
        if _OF_TORCH & {*code.co_names}:
            import torch

            libraries |= {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
        # A file that is handed in goes before a name at the top level of another, where model = Net() is common.
        own = self._program.own.named(code.co_names)
        return {**self._program.names, **own, "__builtins__": builtins, **libraries, **self._helpers, **self.made}


def reseed(seed: int = 0) -> None:
    """Begin the random numbers anew, so that what one probe draws does not depend on what the last one did."""
    random.seed(seed)
    np.random.seed(seed)
    torch = torch_or_none()
    if torch is not None:
        torch.default_generator.manual_seed(seed)
