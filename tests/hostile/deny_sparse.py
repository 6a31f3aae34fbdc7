"""Makes a file of a terabyte that holds nothing, and maps and reads it.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import mmap

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

with open("huge.bin", "wb") as file:
    file.truncate(2**40)
with open("huge.bin", "rb") as file:
    sum(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))
