"""Starts threads until nothing is left, and waits.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import threading
import time

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

threading.stack_size(32768)
while True:
    try:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    except RuntimeError:
        pass
