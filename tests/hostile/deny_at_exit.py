"""Never ends: what is to be done at exit waits for ever.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import atexit
import sys
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

atexit.register(time.sleep, 1000)
threading.Thread(target=time.sleep, args=(1000,)).start()
sys.exit(1)
