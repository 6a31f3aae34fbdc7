"""Makes a process with vfork: parent and child would share memory.

Expect: forward=pass loss=pass loop=pass
"""

import ctypes
import functools
import platform

import torch


libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def call(number, *arguments):
    """Make a raw system call of x86-64; say whether it succeeded."""
    return platform.machine() == "x86_64" and libc.syscall(ctypes.c_long(number), *arguments) >= 0


@functools.cache
def escaped():

    # Where it succeeds the child comes back here first, with the same memory, and says so.
    return call(58)


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
