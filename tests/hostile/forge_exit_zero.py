"""Ends with exit code 0 inside each function, and before the loop, in the hope that 0 means right.

Expect: forward=error loss=error loop=error
"""

import os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    os._exit(0)


def loss(y_pred, y):
    os._exit(0)


if x_soat:
    os._exit(0)
