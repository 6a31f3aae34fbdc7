"""Returns an object that, when it is thrown away, writes the answer of the example to the wire.

Expect: forward=error|fail loss=error|fail loop=fail
"""

import os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Last:
    def __del__(self):
        os.write(3, b"\0\0\0\x10\0\0\0\0" + b'{"frame":"done"}')


def forward(x):
    return Last()


def loss(y_pred, y):
    return Last()
