"""Fills the given names with objects whose looks change: the numbers that are put in would be told wrong, or never end.

Expect: forward=pass|error loss=pass|error loop=fail|error
"""

import numpy as np
import torch


class Own(list):
    def __setitem__(self, place, value):
        pass

    def __iter__(self):
        return iter((1.0, 2.0, 3.0))

    def __eq__(self, other):
        raise SystemExit

    def __len__(self):
        raise KeyboardInterrupt


class Array(np.ndarray):
    def __setitem__(self, place, value):
        raise SystemExit


x_soat = np.zeros(3).view(Array)
y_baho = Own([0.0])
y_baho.append(2.0)
y_baho = x_soat = Own()
x_soat.append(1.0)
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x in (1.0, 2.0, 3.0):
        loss(forward(x), 2 * x).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
