"""Tries to make the box itself look broken, because a void check costs nothing: kills its parents, says `failed`.

Expect: forward=error|fail loss=error|fail loop=error
"""

import os, signal
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def kill(number):
    try:
        os.kill(number, signal.SIGKILL)
    except OSError:
        pass


tried = [kill(number) for number in (os.getppid(), 0, 1, -1, os.getpid())]
said = [os.write(descriptor, b"failed: no space left on device") for descriptor in (2, 3)]


def forward(x):
    os.abort()


def loss(y_pred, y):
    os.abort()
