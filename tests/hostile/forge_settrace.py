"""Traces and profiles the judge's own functions, and changes what they return.

Expect: forward=fail loss=fail loop=fail
"""

import sys
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def watch(frame, event, value):
    for name in ("numbers", "result", "gradients", "outputs", "expected"):
        if name in frame.f_locals and frame.f_code.co_filename != __file__:
            try:
                frame.f_locals[name] = True
            except TypeError:
                pass
    return watch


def forward(x):
    sys.settrace(watch)
    sys.setprofile(watch)
    return w * 0


def loss(y_pred, y):
    return forward(y)


if x_soat:
    forward(1.0)
