"""Writes out a number of ten million digits, with Python's own limit taken away.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import sys

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

sys.set_int_max_str_digits(0)
str(1 << 40_000_000)
