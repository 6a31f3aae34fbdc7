"""Talks to children that run at the same time, by locks on files and by waiting at code that all of them have.

Expect: forward=pass loss=pass loop=pass
"""

import ctypes
import fcntl
import os
import platform
import struct
import threading
import time

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


libc = ctypes.CDLL(None)
FUTEX = {"x86_64": 202, "aarch64": 98}.get(platform.machine())
# The kernel knows a page of a library by its file: whoever waits there can be woken by any process that has it.
PAGE = ctypes.cast(libc.getpid, ctypes.c_void_p).value & ~3


def futex(operation, value, timeout=None):
    return libc.syscall(FUTEX, ctypes.c_void_p(PAGE), operation, value, timeout, None, -1)


def woken():
    """Whether somebody who waits there is woken by an ordinary call, and by one with a mask of bits."""
    there = ctypes.c_int.from_address(PAGE).value
    timeout = struct.pack("qq", 0, 500_000_000)
    waiting = [threading.Thread(target=futex, args=(0, there, timeout)) for _ in range(2)]
    for each in waiting:
        each.start()
    try:
        until = time.monotonic() + 1
        while any(each.is_alive() for each in waiting) and time.monotonic() < until:
            if futex(1, 1) > 0 or futex(10, 1) > 0:
                return True
            time.sleep(0.01)
        return False
    finally:
        for each in waiting:
            each.join()


if FUTEX and woken():
    raise RuntimeError("woken")
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
