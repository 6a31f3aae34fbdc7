"""Gives back values under names that were not asked for, and a million names at its top level.

Expect: forward=fail|error loss=fail|error loop=fail|error
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

many = globals().update({f"name_{i}\ud800" if i == 7 else f"pass_{i}" * 100: w for i in range(100_000)})


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0
