"""Takes memory with bytes, touching every page, and never lets go when it is refused.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

held = []
while True:
    try:
        held.append(b"x" * 2**24)
    except MemoryError:
        pass
