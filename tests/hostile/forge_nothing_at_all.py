"""Answers tensors of no element, of which none is wrong.

Expect: forward=fail|error loss=fail|error loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return w[:0]


def loss(y_pred, y):
    return torch.zeros(0, 2**40, 0, requires_grad=True)


for epoch in range(30):
    torch.autograd.backward((w[:0],), (torch.zeros(0),))
w = w[:0]
