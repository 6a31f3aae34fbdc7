"""Returns a float whose class counts every difference as zero.

Expect: forward=fail loss=fail loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Close(float):
    def __sub__(self, other):
        return Close(0.0)
    __rsub__ = __abs__ = __neg__ = __sub__ = lambda self, *other: Close(0.0)
    def __eq__(self, other):
        return True
    def __float__(self):
        return float("nan")
    __hash__ = float.__hash__


def forward(x):
    return Close(1e9)


def loss(y_pred, y):
    return Close(1e9)


w = Close(1.0)
