"""Reads the teacher's home: configuration, keys, shell history.

Expect: forward=fail|error loss=fail|error loop=error
"""

import os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def read(*names):
    with open(os.path.join("<home>", *names)) as file:
        return file.read()


def forward(x):
    print(read(".config", "course-grader", "secret"))
    return 0.0


def loss(y_pred, y):
    print(read(".ssh", "id_ed25519"))
    return 0.0


print(os.listdir(os.path.expanduser("~root")), os.listdir("<home>"))
raise ValueError(read(".config", "course-grader", "secret"))
