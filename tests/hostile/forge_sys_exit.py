"""Raises SystemExit(0) in the functions and before the loop: a tidy end that computed nothing.

Expect: forward=error loss=error loop=fail
"""

import sys
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    sys.exit(0)


def loss(y_pred, y):
    raise SystemExit


print("10 / 10, all checks passed")
if x_soat:
    sys.exit(0)
