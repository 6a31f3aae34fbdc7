"""Goes through a job before any fork, so that no child is the first to do what all of them do.

Python specialises code as it runs and fills its caches, and every page that a child is the first to write is copied.
torch's engine is the one thing left out: it does not survive a fork, so a stand-in takes its place.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from typing import Any

_TIMES = 12
_PROGRAM = """
import torch

xs, ys = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

def forward(x):
    return x * w

def loss(y_pred, y):
    return (y_pred - y) ** 2

for epoch in range(4):
    for x, y in zip(xs, ys):
        l = loss(forward(x), y)
        l.backward()
        with torch.no_grad():
            w -= 0.01 * 1.0
"""
_FILE = "rehearsal.py"


def rehearse() -> None:
    """Do each kind of job a few times, for nobody."""
    from torch.autograd.variable import Variable

    from grader.sandbox.inside.serve import serve

    engine, main = Variable._execution_engine, sys.modules["__main__"]
    Variable._execution_engine = _NoEngine()  # type: ignore[assignment]
    try:
        for _ in range(_TIMES):
            for job in (_job(script=True), _job(script=False)):
                serve(_Nobody(job), job)  # type: ignore[arg-type]
    finally:
        Variable._execution_engine = engine
        sys.modules["__main__"] = main
        linecache.cache.pop(_FILE, None)


def _job(script: bool) -> dict[str, Any]:
    xs = {"name": "xs", "numbers": [1.0, 2.0, 3.0], "shape": [3], "parameter": False, "optional": False}
    w = {"name": "w", "numbers": [1.5], "shape": [], "parameter": True, "optional": False}
    return {
        "kind": "program",
        "source": _PROGRAM,
        "filename": _FILE,
        "script": script,
        "given": [xs, w] if script else [],
        "stores": None,
        "trace": script,
        "finals": ["w"],
        "dtype": "float32",
    }


class _Nobody:
    """The other end of a channel: asks two probes of a job that is no script, and drops what it is sent."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._frames = iter(() if job["script"] else self._probes())

    def receive(self) -> dict[str, Any]:
        return next(self._frames, {"end": True})

    def send(self, header: dict[str, Any], blocks: list[Any] | None = None) -> None:
        from grader.sandbox.inside.channel import encoded

        encoded(header, blocks)

    def _probes(self) -> Iterator[dict[str, Any]]:
        x = {"name": "x", "numbers": [2.0], "shape": [], "expression": None, "like": None}
        w = {"name": "w", "numbers": [1.5], "shape": [], "parameter": True, "optional": False}
        for _ in range(2):
            call = {"function": "forward", "arguments": ["x"]}
            yield {"call": call, "given": [w], "args": [x], "gradients": ["w"]}
            yield {"cotangents": [[0.5]]}


class _NoEngine:
    """Takes calls as the engine does, and gives back zeros where gradients are asked for."""

    def run_backward(self, roots: Any, gradients: Any, keep: Any, create: Any, inputs: Any, *_: Any, **__: Any) -> Any:
        import torch

        return tuple(torch.zeros_like(each) for each in inputs)
