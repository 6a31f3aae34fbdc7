"""Binds the given names in ways that no statement shows, keeps its own numbers in them, and trains on those.

Expect: forward=pass loss=pass loop=fail|error
"""

import sys
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


def own():
    exec("x_soat = [1.0, 2.0, 3.0]", globals())
    setattr(sys.modules["__main__"], "y_baho", [2.0, 4.0, 6.0])
    eval("x_soat.__setitem__(slice(None), [1.0, 2.0, 3.0])")
    return zip(x_soat, y_baho)


for epoch in range(10):
    for x, y in own():
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
