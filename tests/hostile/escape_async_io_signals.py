"""Lets the kernel send signals for it: F_SETOWN with O_ASYNC, F_SETSIG, F_NOTIFY, timers, parent-death signal.

Expect: forward=pass loss=pass loop=pass
"""

import ctypes
import fcntl
import functools
import os
import platform

import torch


libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def call(number, *arguments):
    """Make a raw system call of x86-64; say whether it succeeded."""
    return platform.machine() == "x86_64" and libc.syscall(ctypes.c_long(number), *arguments) >= 0


@functools.cache
def escaped():

    done = [
        call(157, 1, 9, 0, 0, 0),  # prctl PR_SET_PDEATHSIG
        call(222, 0, None, ctypes.create_string_buffer(8)),  # timer_create
        call(38, 0, ctypes.create_string_buffer(32), None) and False,  # setitimer: harmless where it is allowed
    ]
    for command, value in ((fcntl.F_SETOWN, os.getppid() or 1), (10, 9), (15, 9), (fcntl.F_NOTIFY, 2), (fcntl.F_SETLEASE, fcntl.F_WRLCK)):
        try:
            fcntl.fcntl(3, command, value)
            done.append(True)
        except OSError:
            pass
    return any(done)


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
