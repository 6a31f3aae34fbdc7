"""Reads what other students handed in, and hands in the same.

Expect: forward=fail|error loss=fail|error loop=error
"""

import glob, os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def first():
    found = glob.glob("<others>/**/*.py", recursive=True) + ["<others>/s002/4.5/submission.py"]
    with open(found[0]) as file:
        return file.read()


def forward(x):
    print(first())
    return len(first())


def loss(y_pred, y):
    return len(os.listdir("<others>"))


print(first())
