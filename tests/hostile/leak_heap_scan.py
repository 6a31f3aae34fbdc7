"""Scans the memory around its own objects, byte by byte, for words of the solution and of the secret.

Expect: forward=fail loss=fail loop=fail
"""

import ctypes
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

WORD = b"qizil-" + b"olma"
here = id(object()) & ~0xFFFFF
memory = ctypes.string_at(here, 1 << 16)
noise = ctypes.create_string_buffer(1 << 22)
found = [memory.find(WORD), noise.raw.find(WORD), ctypes.string_at(ctypes.addressof(noise) - 4096, 4096).find(WORD)]
assert max(found) < 0


def forward(x):
    return float(max(found))


def loss(y_pred, y):
    return float(max(found))
