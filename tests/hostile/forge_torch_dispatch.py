"""Returns a wrapper tensor whose dispatch makes up its numbers as they are read, and its shape and dtype too.

Expect: forward=fail|error loss=fail|error loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Made(torch.Tensor):
    @staticmethod
    def __new__(cls):
        return torch.Tensor._make_wrapper_subclass(cls, (), dtype=torch.float32, requires_grad=True)
    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return torch.tensor(float("nan"))


def forward(x):
    return Made()


def loss(y_pred, y):
    return Made()
