"""Turns its module into one whose `w`, `forward` and `loss` are properties, and sees who asks.

Expect: forward=fail|error loss=fail|error loop=fail|error
"""

import sys, types
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Lively(types.ModuleType):
    @property
    def w(self):
        return torch.ones(1, requires_grad=True)
    @property
    def forward(self):
        return lambda x: True
    loss = forward


changed = setattr(sys.modules["__main__"], "__class__", Lively)
print(sys.modules["__main__"].forward(0))


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0
