"""Computes in bfloat16, and makes that the default, in the hope of a tolerance that grows with the dtype.

Expect: forward=fail loss=fail loop=fail
"""

import torch
torch.set_default_dtype(torch.bfloat16)
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return (x * w).to(torch.bfloat16)


def loss(y_pred, y):
    return ((y_pred - y) ** 2).to(torch.bfloat16)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
