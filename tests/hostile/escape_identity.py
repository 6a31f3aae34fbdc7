"""Becomes somebody else: setuid, setgid, setgroups, capset, securebits, no_new_privs off.

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

    header = ctypes.create_string_buffer(b"\x22\x05\x08\x20" + bytes(4), 8)
    done = [
        call(126, header, ctypes.create_string_buffer(b"\xff" * 24, 24)),  # capset
        call(157, 8, 1, 0, 0, 0),  # prctl PR_SET_KEEPCAPS
        call(157, 28, 0, 0, 0, 0),  # prctl PR_SET_SECUREBITS
        call(157, 38, 0, 0, 0, 0),  # prctl PR_SET_NO_NEW_PRIVS 0
        call(157, 47, 2, 21, 0, 0),  # prctl PR_CAP_AMBIENT raise
        call(157, 4, 1, 0, 0, 0),  # prctl PR_SET_DUMPABLE
        call(135, 0x0040000) and False,  # personality: read-implies-exec harms nobody
        call(122, 0),  # setfsuid
    ]
    for attempt in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.setresuid(0, 0, 0)):
        try:
            attempt()
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
