"""Reads the environment that the C library holds, and the stack above it, where the kernel put the first one.

Expect: forward=fail loss=fail loop=fail
"""

import ctypes
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

libc = ctypes.CDLL(None)
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
found = [environ[i] for i in range(200) if all(environ[j] for j in range(i + 1))]
libc.getenv.restype = ctypes.c_char_p
print(found, libc.getenv(b"COURSE_SECRET"))


def forward(x):
    return len(found)


def loss(y_pred, y):
    return libc.getenv(b"COURSE_SECRET")
