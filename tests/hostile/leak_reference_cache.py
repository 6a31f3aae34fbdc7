"""Reads the cache of the references' observations, where every expected value is written down.

Expect: forward=fail|error loss=fail|error loop=error
"""

import glob, os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def cached():
    found = [path for path in glob.glob("<cache>/**", recursive=True) if os.path.isfile(path)]
    with open((found or ["<cache>/secret"])[0], "rb") as file:
        return file.read()


def forward(x):
    print(cached())
    return float(len(cached()))


def loss(y_pred, y):
    raise ValueError(cached())


print(cached())
