"""Fills scratch with empty files and deep folders.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import os

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

number = 0
while True:
    number += 1
    try:
        open(f"{number}.txt", "w").close()
        os.mkdir(f"folder{number}")
        os.chdir(f"folder{number}")
    except OSError:
        pass
