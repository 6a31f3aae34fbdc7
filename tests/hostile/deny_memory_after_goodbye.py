"""Closes its channel, so that it looks gone, and takes memory then.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import mmap
import os

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

os.close(3)
held = []
while True:
    try:
        held.append(mmap.mmap(-1, 2**24))
        held[-1].write(b"x" * 2**24)
    except (OSError, MemoryError):
        pass
