"""Leaves the answers to atexit: when the interpreter ends, it reports on descriptors that might be the judge's.

Expect: forward=fail loss=fail loop=fail
"""

import atexit, os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def report():
    for descriptor in range(1, 64):
        try:
            os.write(descriptor, b"\0\0\0\x10\0\0\0\0" + b'{"frame":"done"}')
        except OSError:
            pass
    os._exit(0)


registered = atexit.register(report)


def forward(x):
    return None


def loss(y_pred, y):
    return None
