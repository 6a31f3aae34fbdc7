"""Calls backward for a whole grid of values: some of them will be the ones that are expected.

Expect: forward=pass loss=pass loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for step in range(400):
    w = torch.tensor([1.0 + step / 100], requires_grad=True)
    loss(forward(x_soat[step % 3]), y_baho[step % 3]).backward()
