"""Answers NaN and infinity, which a careless comparison finds not different.

Expect: forward=fail loss=fail loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return w * float("nan")


def loss(y_pred, y):
    return w * float("inf")


for epoch in range(30):
    (w * float("nan")).sum().backward()
    w.grad.fill_(float("nan"))
