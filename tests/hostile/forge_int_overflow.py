"""Answers integers that do not fit into a float, and the largest floats, so that differences overflow.

Expect: forward=fail|error loss=fail|error loop=fail|error
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return 10**5000


def loss(y_pred, y):
    return w.double() * 1.7e308 * 10


for epoch in range(30):
    (w.double() * 1.7e308 * 10).sum().backward()
w = -(2**1024)
