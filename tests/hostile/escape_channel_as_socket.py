"""Uses the descriptors it was given as sockets: connects, listens, asks who is at the other end, passes descriptors.

Expect: forward=pass loss=pass loop=pass
"""

import array
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

    address = ctypes.create_string_buffer(b"\x01\x00\x00course", 16)
    peer, size = ctypes.create_string_buffer(12), ctypes.c_int(12)
    return any(
        [
            call(42, 3, address, 16),  # connect
            call(49, 3, address, 16),  # bind
            call(50, 3, 5),  # listen
            call(43, 3, None, None),  # accept
            call(48, 1, 1),  # shutdown
            call(55, 3, 1, 17, peer, ctypes.byref(size)),  # getsockopt SO_PEERCRED
            call(54, 3, 1, 7, peer, 4),  # setsockopt SO_SNDBUF
            call(46, 3, ctypes.create_string_buffer(56), 0),  # sendmsg
            call(52, 3, address, ctypes.byref(size)),  # getpeername
        ]
    )


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
