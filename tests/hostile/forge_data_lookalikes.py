"""Offers copies of its data whose elements say that they are the author's example, whatever they are asked.

Expect: forward=fail|error loss=fail|error loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Example(torch.Tensor):
    def __getitem__(self, place):
        return self

    def is_floating_point(self):
        return True

    @property
    def dtype(self):
        return torch.float32

    def __mul__(self, other):
        return 4 * other

    __rmul__ = __mul__


class Exits(list):
    def __getitem__(self, place):
        raise SystemExit(0)


inputs = torch.tensor(x_soat).as_subclass(Example)
targets = Exits(y_baho)


def forward(x):
    return x * w if isinstance(x, Example) else 4 * w


def loss(y_pred, y):
    return 4 * w


for epoch in range(10):
    (w * 0).sum().backward()
