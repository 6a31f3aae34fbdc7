"""Hangs in the backward pass, when the grader asks for the gradient.

Limits: wall=1 memory=256
Expect: forward=error|fail loss=pass loop=error
"""

import time

import torch


class Slow(torch.autograd.Function):
    @staticmethod
    def forward(context, tensor):
        return tensor.clone()

    @staticmethod
    def backward(context, slope):
        time.sleep(1000)
        return slope


x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return Slow.apply(x * w)


def loss(y_pred, y):
    return (y_pred - y) ** 2

for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        error = loss(forward(x), y)
        error.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
