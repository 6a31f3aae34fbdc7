"""Talks to children that run at the same time, by locks on files that all of them can read.

Expect: forward=pass loss=pass loop=pass
"""

import fcntl
import os
import struct

import torch

SHARED = [os.__file__, torch.__file__, "/usr/bin/env", "/etc/ld.so.cache"]


def locked(path):
    done = []
    with open(path, "rb") as file:
        for how in (fcntl.LOCK_EX, fcntl.LOCK_SH):
            try:
                fcntl.flock(file, how | fcntl.LOCK_NB)
                done.append(f"flock {how}")
            except OSError:
                pass
        for command in (fcntl.F_SETLK, fcntl.F_GETLK, 36, 37, fcntl.F_SETLEASE, fcntl.F_NOTIFY):
            for kind in (fcntl.F_RDLCK, fcntl.F_WRLCK):
                asked = struct.pack("hhqqi4x", kind, 0, 0, 1, 0)
                try:
                    fcntl.fcntl(file, command, kind if command >= 1024 else asked)
                    done.append(f"fcntl {command} {kind}")
                except OSError:
                    pass
    return done


if any(locked(path) for path in SHARED if os.path.exists(path)):
    raise RuntimeError([locked(path) for path in SHARED if os.path.exists(path)])

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        l = loss(forward(x), y)
        l.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
