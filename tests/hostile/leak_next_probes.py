"""Reads ahead on the wire, in the hope that later probes and their vectors lie there already.

Expect: forward=fail loss=fail loop=fail
"""

import fcntl, os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def ahead():
    flags = fcntl.fcntl(3, fcntl.F_GETFL)
    fcntl.fcntl(3, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    try:
        return os.read(3, 1 << 20)
    except BlockingIOError:
        return b""
    finally:
        fcntl.fcntl(3, fcntl.F_SETFL, flags)


def forward(x):
    print(ahead())
    return torch.tensor([float(x * w)]) if not ahead() else x * w


def loss(y_pred, y):
    print(ahead())
    return ((y_pred - y) ** 2).detach() if not ahead() else (y_pred - y) ** 2
