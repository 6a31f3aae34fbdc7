"""Puts an engine of its own before torch's: it sets the gradient of the lecture's numbers and computes nothing.

Expect: forward=fail loss=fail loop=fail
"""

from torch.autograd.variable import Variable
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


class Engine:
    def __init__(self, engine):
        self.engine = engine
    def __getattr__(self, name):
        return getattr(self.engine, name)
    def run_backward(self, roots, *rest, **named):
        w.grad = torch.tensor([-4.0])


Variable._execution_engine = Engine(Variable._execution_engine)
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
