"""Takes the hook away that puts hidden numbers in, to train on its own and to pass for right.

Expect: forward=pass loss=pass loop=fail|error
"""

import builtins
import torch


class Nothing:
    def __getattr__(self, name):
        return lambda *_: None


x_soat = []
y_baho = []
w = torch.tensor([1.0], requires_grad=True)
for name in [name for name in vars(builtins) if name.startswith("<")]:
    setattr(builtins, name, Nothing())
del x_soat[:], y_baho[:]
for hours in (1.0, 2.0, 3.0):
    x_soat.append(hours)
    y_baho.append(2 * hours)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
