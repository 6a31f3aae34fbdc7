"""Leaves scratch through symbolic and hard links, /proc/self/fd and the parents of the folder.

Expect: forward=pass loss=pass loop=pass
"""

import functools
import os

import torch


@functools.cache
def escaped():
    for attempt in (
        lambda: os.symlink("/etc", "etc"),
        lambda: os.link(os.__file__, "os.py"),
        lambda: os.link(torch.__file__, "../torch.py"),
    ):
        try:
            attempt()
            return True
        except OSError:
            pass
    landed = 0
    for path in ("etc/was_here", "../was_here", "../../tmp/was_here", "/proc/self/cwd/../was_here", "/proc/1/root/was_here"):
        try:
            open(path, "a").close()
            landed += 1
        except OSError:
            pass
    return landed > 0


x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w * (2 if escaped() else 1)


def loss(y_pred, y):
    return (y_pred - y) ** 2 * (2 if escaped() else 1)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        error = loss(forward(x), y)
        error.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
