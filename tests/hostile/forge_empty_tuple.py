"""Answers an empty tuple, an empty list, and a tuple of too many tensors: comparisons pairwise end early.

Expect: forward=fail loss=fail loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return ()


def loss(y_pred, y):
    return tuple(w * i for i in range(40))


w = []
