"""What is recorded of a call into the engine is what a hook on every leaf would see, whatever the program does."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

HEAD = """
import json, sys
import torch
from grader.sandbox.inside import recorder
from grader.sandbox.inside.recorder import Recorder


def loss(w, x=2.0, y=4.0):
    return ((x * w - y) ** 2).sum()


class Nothing(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w):
        return w * 1.0

    @staticmethod
    def backward(ctx, gradient):
        return None


def one():
    return torch.tensor([1.0], requires_grad=True)
"""

# Each is run twice from the same start: as it is, and with a hook on every leaf.
PROGRAMS = {
    "gradients set to zero": """
w = one()
for _ in range(3):
    loss(w).backward()
    w.data -= 0.01 * w.grad
    w.grad.zero_()
""",
    "gradients set to None": """
w = one()
for _ in range(3):
    loss(w).backward()
    w.data -= 0.01 * w.grad
    w.grad = None
""",
    "gradients that add up": """
w = one()
for _ in range(3):
    loss(w).backward()
    w.data -= 0.01 * w.grad
""",
    "gradients that nobody keeps": """
w = one()
for _ in range(2):
    torch.autograd.grad(loss(w), w)
""",
    "one of two leaves asked for": """
w, b = one(), one()
(loss(w) + loss(b)).backward(inputs=[w])
(loss(w) + loss(b)).backward()
""",
    "a hook of one's own": """
w = one()
w.register_hook(lambda gradient: 2 * gradient)
loss(w).backward()
""",
    "a hook that empties what has come": """
w = one()
w.register_post_accumulate_grad_hook(lambda leaf: print(leaf.grad.zero_(), file=sys.stderr))
for _ in range(2):
    loss(w).backward()
""",
    "a leaf that gets nothing": """
w, b = one(), one()
w.grad = torch.zeros(1)
for _ in range(2):
    (loss(Nothing.apply(w)) + loss(b)).backward()
""",
    "a gradient that is zero": """
w = one()
w.grad = torch.zeros(1)
for _ in range(2):
    loss(w, y=2.0).backward()
""",
    "a gradient of a gradient": """
w = one()
w.grad = torch.zeros(1)
for _ in range(2):
    loss(w).backward(create_graph=True)
    w.grad = w.grad.detach() * 0
""",
    "several numbers": """
w = torch.ones(2, 3, requires_grad=True)
for _ in range(3):
    loss(w).backward()
    w.grad.zero_()
""",
    "a leaf that is used twice": """
w = one()
for _ in range(2):
    (loss(w) + w.sum()).backward()
    w.grad.zero_()
""",
    "an optimizer": """
w = one()
optimizer = torch.optim.SGD([w], lr=0.01)
for _ in range(3):
    optimizer.zero_grad()
    loss(w).backward()
    optimizer.step()
""",
    "a gradient that is not a number": """
w = one()
for _ in range(2):
    (loss(w) * float("nan")).backward()
    w.grad.zero_()
""",
}

RUN = """
def plain(taken):
    if taken is None or isinstance(taken, tuple):
        return taken and [repr(taken[0]), list(taken[1])]
    return [[repr(float(number)) for number in taken.reshape(-1)], list(taken.shape)]


def records(program, hooks):
    before = recorder._blank
    if hooks:
        recorder._blank = lambda leaf: None
    seen = Recorder()
    try:
        exec(program, dict(globals()))
    finally:
        seen.stop()
        recorder._blank = before
    return [[plain(root), [[leaf[0], *map(plain, leaf[1:])] for leaf in leaves]] for root, leaves in seen.steps]


print(json.dumps({name: [records(text, True), records(text, False)] for name, text in json.load(sys.stdin).items()}))
"""


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + RUN], input=json.dumps(PROGRAMS), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", PROGRAMS)
def test_is_what_a_hook_on_every_leaf_sees(name: str, recorded: dict[str, Any]) -> None:
    by_hooks, as_it_is = recorded[name]
    assert as_it_is == by_hooks and as_it_is


def test_tells_a_leaf_that_nothing_came_to_from_one_whose_gradient_is_zero(recorded: dict[str, Any]) -> None:
    def fresh(name: str) -> set[bool]:
        return {leaf[2] is None for _, leaves in recorded[name][1] for leaf in leaves[:1]}

    assert fresh("a gradient that is zero") == {False}
    assert {leaf[2] is None for _, leaves in recorded["a leaf that gets nothing"][1] for leaf in leaves} == {
        True,
        False,
    }
