"""Raises an exception that never finishes saying what it is.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import torch


class Endless(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

raise Endless
