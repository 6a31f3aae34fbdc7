"""Reads ahead on the wire, in the hope that later probes and their vectors lie there already.

Expect: forward=fail|error loss=fail|error loop=fail
"""

import os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def ahead():
    os.set_blocking(3, False)
    try:
        return os.read(3, 1 << 20)
    except BlockingIOError:
        return b""
    finally:
        os.set_blocking(3, True)


def forward(x):
    print(ahead())
    return torch.tensor([float(x * w)]) if not ahead() else x * w


def loss(y_pred, y):
    print(ahead())
    return ((y_pred - y) ** 2).detach() if not ahead() else (y_pred - y) ** 2
