"""Remembers the answer to the first probe and sends it again for all others, gradients and all.

Expect: forward=fail loss=fail loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

kept = {}


def forward(x):
    return kept.setdefault("forward", x * w)


def loss(y_pred, y):
    return kept.setdefault("loss", (y_pred - y) ** 2)


first = loss(forward(x_soat[0]), y_baho[0])
for epoch in range(30):
    first.backward(retain_graph=True)
    w.grad = None
