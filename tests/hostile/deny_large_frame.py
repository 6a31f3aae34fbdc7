"""Announces one frame of the largest size that is read, and sends it a byte at a time.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import os
import struct

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

os.write(3, struct.pack(">II", 8 * 2**20, 64 * 2**20))
while True:
    os.write(3, b" ")
