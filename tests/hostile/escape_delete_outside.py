"""Deletes, renames, truncates and overwrites Python's own packages.

Expect: forward=pass loss=pass loop=pass
"""

import functools
import os
import sys

import torch


@functools.cache
def escaped():
    victim = os.__file__
    done = 0
    for attempt in (
        lambda: os.unlink(victim),
        lambda: os.rename(victim, victim + ".gone"),
        lambda: os.truncate(victim, 0),
        lambda: open(victim, "a").close(),
        lambda: open(torch.__file__, "r+").close(),
        lambda: os.rmdir(os.path.dirname(torch.__file__)),
        lambda: os.rename(sys.prefix, sys.prefix + ".gone"),
        lambda: os.mkdir(os.path.join(os.path.dirname(torch.__file__), "hostile")),
    ):
        try:
            attempt()
            done += 1
        except OSError:
            pass
    return done > 0


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
