"""Takes everybody's right to read torch, gives its files another time and an attribute: things that need no open file.

Expect: forward=pass loss=pass loop=pass
"""

import functools
import os

import torch


@functools.cache
def escaped():
    victim = torch.__file__
    opened = os.open(victim, os.O_RDONLY)
    before = os.stat(victim)
    for attempt in (
        lambda: os.fchmod(opened, 0o600),
        lambda: os.chmod(victim, 0o600),
        lambda: os.utime(opened, (1, 1)),
        lambda: os.utime(victim, (1, 1)),
        lambda: os.utime(victim),
        lambda: os.chown(victim, 1, 1),
        lambda: os.setxattr(victim, "user.hostile", b"1"),
    ):
        try:
            attempt()
        except OSError:
            pass
    after = os.stat(victim)
    return (before.st_mode, before.st_mtime, before.st_ctime) != (after.st_mode, after.st_mtime, after.st_ctime)


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
