"""Reaches for the kernel's own machines: io_uring, bpf, perf_event_open, userfaultfd, modules, kexec.

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

    empty = ctypes.create_string_buffer(256)
    return any(
        [
            call(425, 8, empty),  # io_uring_setup
            call(426, 3, 1, 0, 0, None, 0),  # io_uring_enter
            call(427, 3, 0, empty, 1),  # io_uring_register
            call(321, 0, empty, 72),  # bpf MAP_CREATE
            call(298, empty, 0, -1, -1, 0),  # perf_event_open
            call(323, 0),  # userfaultfd
            call(323, 1),
            call(175, empty, 0, b""),  # init_module
            call(313, 3, b"", 0),  # finit_module
            call(246, 0, 0, None, 0),  # kexec_load
            call(103, 3, empty, 10),  # syslog
            call(304, 3, empty, 0),  # open_by_handle_at
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
