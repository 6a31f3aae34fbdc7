"""Reads the solution where it lies, prints it, and runs it in its own place.

Expect: forward=fail|error loss=fail|error loop=error
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def read():
    with open("<course>/solutions/4.5/solution.py") as file:
        return file.read()


def forward(x):
    names = {}
    print(read())
    exec(read(), names)
    return names["forward"](x)


def loss(y_pred, y):
    names = {}
    exec(read(), names)
    return names["loss"](y_pred, y)


exec(read())
