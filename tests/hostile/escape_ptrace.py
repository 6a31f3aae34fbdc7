"""Traces and reads or writes the memory of other processes: ptrace, process_vm_readv, process_vm_writev, /proc/PID/mem.

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

    target, buffer = os.getppid() or 1, ctypes.create_string_buffer(64)
    vector = (ctypes.c_ulong * 2)(ctypes.addressof(buffer), 64)
    done = [
        call(101, 16, target, 0, 0),  # ptrace ATTACH
        call(101, 0x4206, target, 0, 0),  # ptrace SEIZE
        call(101, 0, 0, 0, 0),  # ptrace TRACEME
        call(310, target, vector, 1, vector, 1, 0),  # process_vm_readv
        call(311, target, vector, 1, vector, 1, 0),  # process_vm_writev
        call(312, os.getpid(), target, 0, 0, 0),  # kcmp
        call(438, target, 3, 0),  # pidfd_getfd
    ]
    for path in (f"/proc/{target}/mem", f"/proc/{target}/environ", f"/proc/{target}/maps", f"/proc/{target}/root/etc/passwd"):
        try:
            done.append(bool(open(path, "rb").read(1)))
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
