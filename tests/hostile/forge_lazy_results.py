"""Returns a generator and a list that changes as it is read: each look finds another number.

Expect: forward=fail|error loss=fail|error loop=fail|error
"""

import itertools
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Shifting(list):
    def __iter__(self):
        return iter([next(self.counter)])
    def __len__(self):
        return 1
    counter = itertools.count()


def forward(x):
    return (number for number in itertools.count())


def loss(y_pred, y):
    return Shifting([0.0])


w = Shifting([1.0])
