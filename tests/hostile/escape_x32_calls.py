"""Makes system calls by the numbers of x32, which a filter of x86-64 numbers would not know.

Expect: forward=pass|error loss=pass|error loop=pass|error
"""

import ctypes
import functools
import platform
import threading

import torch


libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
told = []



def attempt():
    # getpid, fork's cousin and socket: the filter kills the thread that asks.
    for number in (39, 41, 165):
        if libc.syscall(ctypes.c_long(number | 0x40000000), 2, 1, 0) > 0:
            told.append(number)


@functools.cache
def escaped():
    if platform.machine() == "x86_64":
        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        thread.join(0.5)
    return bool(told)


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
