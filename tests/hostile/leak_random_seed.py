"""Guesses that the hidden numbers come from a seed it can reach: the global generators, or PYTHONHASHSEED.

Expect: forward=fail loss=fail loop=fail
"""

import os, random
import numpy
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

guess = [random.random(), float(numpy.random.rand()), torch.rand(1).item(), torch.initial_seed(), hash("4.5")]
print(guess, os.environ.get("PYTHONHASHSEED"))


def forward(x):
    return w * guess[0]


def loss(y_pred, y):
    return w * guess[1]


x_soat = [random.uniform(0.5, 3) for _ in range(3)]
for step in range(30):
    (w * guess[2]).sum().backward()
