"""Walks the frames of its callers for anything called expected, reference or solution, and returns that.

Expect: forward=fail|error loss=fail|error loop=fail
"""

import sys
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def found():
    frame = sys._getframe()
    while frame is not None:
        for name, value in {**frame.f_globals, **frame.f_locals}.items():
            if any(word in name for word in ("expected", "reference", "solution", "answer_", "seed")):
                if isinstance(value, (int, float, list, torch.Tensor)):
                    return value
        frame = frame.f_back
    return w * 0


def forward(x):
    return found()


def loss(y_pred, y):
    return found()
