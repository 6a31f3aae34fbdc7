"""Writes a program into memory and executes that: memfd_create, memfd_secret, execveat, uselib.

Expect: forward=pass loss=pass loop=pass
"""

import ctypes
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

    done = [call(319, b"program", 0), call(319, b"program", 4), call(447, 0), call(134, b"/bin/sh")]
    try:
        done.append(os.memfd_create("program") >= 0)
    except OSError:
        pass
    arguments = (ctypes.c_char_p * 2)(b"true", None)
    program = os.open("/usr/bin/env", os.O_RDONLY)
    done.append(call(322, program, b"", arguments, None, 0x1000))  # execveat AT_EMPTY_PATH
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
