"""Returns an object that is equal to everything, and is smaller and greater too.

Expect: forward=fail loss=fail loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Equal:
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __sub__ = __rsub__ = __abs__ = __mul__ = __rmul__ = lambda self, *other: self
    def __float__(self):
        return 0.0
    def __bool__(self):
        return True
    def __hash__(self):
        return 0
    def __array__(self, *args, **kwargs):
        return torch.zeros(1).numpy()
    requires_grad = True
    dtype = torch.float32
    shape = (1,)


def forward(x):
    return Equal()


def loss(y_pred, y):
    return Equal()


w = Equal()
