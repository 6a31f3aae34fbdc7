"""Goes through a job before any fork, so that no child is the first to do what all of them do.

Python specialises code as it runs and fills its caches, and every page that a child is the first to write is copied.
torch's engine is the one thing left out: it does not survive a fork, so a stub takes its place.
"""

from __future__ import annotations

import json
import linecache
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.sandbox.inside.channel import Channel
from grader.sandbox.inside.program.environment.by_hand import find_transforms

Work = Callable[[Channel, bool], None]

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
_FILE = "warm_up.py"
# Where the engine is given what to differentiate by.
_INPUTS = 4


def warm_up(work: Work) -> None:
    """Do each kind of job a few times, for nobody; `work` is what children do."""
    from torch.autograd.variable import Variable

    engine, main = Variable._execution_engine, sys.modules["__main__"]
    Variable._execution_engine = _NoEngine()  # type: ignore[assignment]
    try:
        for turn in range(_TIMES):
            # Another program each time: of one that it knows, a child keeps what it has read and compiled.
            program = f"{_PROGRAM}# {turn}\n"
            _do(work, [_job(program, script=True), {"end": True}])
            _do(work, [_job(program, script=False), *_probes(), {"end": True}])
            _optimize()
        find_transforms()
    finally:
        Variable._execution_engine = engine
        sys.modules["__main__"] = main
        linecache.cache.pop(_FILE, None)


def _do(work: Work, frames: list[dict[str, Any]]) -> None:
    """Let what a host would send come through a pipe, and nobody hear what is answered."""
    source, into = os.pipe()
    sink = os.open(os.devnull, os.O_WRONLY)
    for frame in frames:
        body = json.dumps(frame).encode()
        # Before anybody reads: a pipe of Windows holds no more than four kilobytes.
        os.write(into, struct.pack(">I", len(body)) + body)
    try:
        work(Channel(source, sink), True)
    finally:
        for descriptor in (source, into, sink):
            os.close(descriptor)


def _optimize() -> None:
    """Use optimizers as programs do. Their methods look up, once in a process, what torch is not to compile."""
    import torch

    if "torch._dynamo" not in sys.modules:
        # Without one that was made before, this would import it, seconds of work.
        return
    for kind in (torch.optim.SGD, torch.optim.Adam):
        w = torch.zeros(1, requires_grad=True)
        optimizer = kind([w], lr=0.1)
        optimizer.zero_grad()
        w.grad = torch.zeros(1)
        optimizer.step()


def _job(program: str, script: bool) -> dict[str, Any]:
    xs = {"name": "xs", "numbers": [1.0, 2.0, 3.0], "shape": [3], "parameter": False, "optional": False}
    w = {"name": "w", "numbers": [1.5], "shape": [], "parameter": True, "optional": False}
    return {
        "kind": "program",
        "source": program,
        "filename": _FILE,
        "script": script,
        "given": [xs, w] if script else [],
        "stores": None,
        "trace": script,
        "finals": ["w"],
        "dtype": "float32",
        "scratch": str(Path.cwd()),
    }


def _probes() -> list[dict[str, Any]]:
    x = {"name": "x", "numbers": [2.0], "shape": [], "expression": None, "like": None}
    w = {"name": "w", "numbers": [1.5], "shape": [], "parameter": True, "optional": False}
    call = {"function": "forward", "arguments": ["x"]}
    probe: dict[str, Any] = {"call": call, "given": [w], "args": [x], "gradients": ["w"]}
    return 2 * [probe, {"cotangents": [[0.5]]}]


class _NoEngine:
    """Takes calls as the engine does, and gives back zeros where gradients are asked for."""

    def run_backward(self, *arguments: Any, **_: Any) -> Any:
        import torch

        return tuple(torch.zeros_like(each) for each in arguments[_INPUTS])
