"""Reads standard input and output, in case the judge's answers pass through them.

Expect: forward=fail loss=fail loop=fail
"""

import fcntl, os, sys
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def read(descriptor):
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    try:
        return os.read(descriptor, 1000)
    except OSError:
        return b""


found = [read(0), read(1), read(2)]
assert not any(found), "there was something to read"


def forward(x):
    return len(found[0])


def loss(y_pred, y):
    return len(sys.stdin.read())
