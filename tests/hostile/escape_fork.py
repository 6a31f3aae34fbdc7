"""Makes processes: fork, vfork, forkpty, multiprocessing, raw clone and clone3.

Expect: forward=pass loss=pass loop=pass
"""

import ctypes
import functools
import multiprocessing
import os
import platform

import torch


libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def raw(number, *arguments):
    result = libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result


def multiprocess():
    process = multiprocessing.get_context("fork").Process(target=int)
    process.start()
    return process.pid


@functools.cache
def escaped():
    made = []
    attempts = [os.fork, lambda: os.forkpty()[0], multiprocess]
    if platform.machine() == "x86_64":
        sigchld = 17
        attempts += [lambda: raw(57), lambda: raw(56, sigchld, 0, 0, 0, 0), lambda: raw(56, 0x8000 | sigchld, 0, 0, 0, 0)]
        attempts.append(lambda: raw(435, ctypes.create_string_buffer(88), 88))
    for attempt in attempts:
        try:
            number = attempt()
        except OSError:
            continue
        if number == 0:
            os._exit(0)
        made.append(number)
    return bool(made)


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
