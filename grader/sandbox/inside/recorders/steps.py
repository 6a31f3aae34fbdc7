"""Counts the backward calls of a training, keeps what they were called on, and ends it after the most it may make."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.sandbox.inside.channel import Blocks
from grader.sandbox.inside.program.environment.torch_import import torch_or_none, when_torch_is_imported
from grader.sandbox.inside.program.values import put

# No more are sent.
_MOST_LOSSES = 5_000


class StepsSpent(BaseException):
    """A program has made all the backward calls that it may; it is no Exception, so that few would catch it."""


class StepCounter:
    """Takes the place of torch's engine as soon as torch is there, and passes everything on to it.

    Args:
        most: how many backward calls pass, once it has begun.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun = False
        self._engine: Any = None
        self._running = True
        self.count = 0
        self._losses: list[float] = []
        when_torch_is_imported(self._take_engine)

    def _take_engine(self, _torch: Any) -> None:
        if self._running:
            from torch.autograd.variable import Variable

            self._engine = Variable._execution_engine
            Variable._execution_engine = self  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def begin(self) -> None:
        """Count from here on."""
        self._begun = True

    def stop(self) -> None:
        """Give torch its engine back."""
        self._running = False
        if self._engine is not None:
            from torch.autograd.variable import Variable

            Variable._execution_engine = self._engine

    def run_backward(self, roots: Any, *args: Any, **kwargs: Any) -> Any:
        """Run the engine, unless all calls are spent."""
        if not self._begun:
            return self._engine.run_backward(roots, *args, **kwargs)
        self.count += 1
        if self.count > self._most:
            raise StepsSpent(f"more than {self._most} backward calls")
        if len(self._losses) < _MOST_LOSSES:
            self._losses.append(_number_of(roots))
        return self._engine.run_backward(roots, *args, **kwargs)

    def as_sent(self, blocks: Blocks) -> dict[str, Any]:
        """Describe what was counted so far."""
        losses = put(np.array(self._losses, dtype=np.float64), blocks) if self._losses else None
        return {"steps": min(self.count, 10**9), "losses": losses}


def _number_of(roots: Any) -> float:
    """Return what backward is called on; NaN where that is not one number."""
    torch = torch_or_none()
    if len(roots) != 1 or not isinstance(roots[0], torch.Tensor) or roots[0].numel() != 1:
        return math.nan
    try:
        return float(roots[0].detach())
    except (RuntimeError, TypeError, ValueError):
        return math.nan
