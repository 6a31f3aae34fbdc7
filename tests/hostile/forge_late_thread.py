"""Leaves a thread behind that goes on writing `done` frames while the box sends its own.

Expect: forward=error|fail loss=error|fail loop=error|fail
"""

import os, threading
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def write():
    while True:
        os.write(3, b"\0\0\0\x10\0\0\0\0" + b'{"frame": "done"}')


started = threading.Thread(target=write, daemon=True).start()


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0
