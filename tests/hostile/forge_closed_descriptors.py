"""Closes every descriptor after it has sent an answer that looks whole, and lives on.

Expect: forward=error|fail loss=error|fail loop=error
"""

import os, time
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def close():
    os.closerange(0, 1024)
    time.sleep(60)


def forward(x):
    return close()


def loss(y_pred, y):
    return close()


if x_soat:
    close()
