"""Hangs while its definitions are made, so that no function can be called.

Limits: wall=0.5 memory=256
Expect: forward=error loss=error loop=error
"""

import time

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

waited = time.sleep(1000)
