"""Matches an expression that backtracks for ever, in C, holding the interpreter's lock.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import re

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

re.match(r"(a|aa)+$", "a" * 100 + "b")
