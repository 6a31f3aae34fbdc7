"""Starts other programs: subprocess, os.system, exec, posix_spawn.

Expect: forward=pass loss=pass loop=pass
"""

import functools
import os
import posix
import subprocess
import sys

import torch


@functools.cache
def escaped():
    started = []
    for attempt in (
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        lambda: subprocess.run("true", shell=True, check=True),
        lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "true"], {}),
        lambda: os.posix_spawnp("true", ["true"], {}),
        lambda: os.popen("true").read(),
        lambda: os.execv("/bin/sh", ["sh", "-c", "kill -9 $$"]),
        lambda: os.execve(sys.executable, [sys.executable, "-c", "pass"], {}),
    ):
        try:
            started.append(attempt())
        except OSError:
            pass
    # What os.system was before the box put another in its place.
    status = posix.system("true")
    return bool(started) or status == 0


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
