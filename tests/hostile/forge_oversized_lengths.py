"""Announces a frame of four gigabytes, so that the judge waits or allocates.

Expect: forward=error loss=error loop=error
"""

import os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

sent = os.write(3, b"\xff" * 8 + b"{")


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0
