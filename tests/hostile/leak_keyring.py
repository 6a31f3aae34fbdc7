"""Reads the kernel's keyrings, where login sessions keep their keys.

Expect: forward=fail loss=fail loop=fail
"""

import ctypes, platform
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

ADD, REQUEST, CONTROL = (248, 249, 250) if platform.machine() == "x86_64" else (217, 218, 219)
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(1000)
tried = [libc.syscall(CONTROL, 11, ring, buffer, 1000) for ring in (-1, -2, -3, -4, -5)]
tried.append(libc.syscall(REQUEST, b"user", b"secret", None, -3))
tried.append(libc.syscall(ADD, b"user", b"secret", b"x", 1, -3))
assert max(tried) < 0, "a keyring answered"


def forward(x):
    return float(max(tried))


def loss(y_pred, y):
    return float(max(tried))
