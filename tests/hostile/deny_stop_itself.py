"""Stops itself, so that it neither runs nor ends.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import os
import signal
import time

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

try:
    signal.raise_signal(signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)
except OSError:
    pass
time.sleep(1000)
