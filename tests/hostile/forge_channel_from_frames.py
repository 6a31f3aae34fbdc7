"""Takes the channel out of its callers' frames and sends `called` with made-up values before it returns.

Expect: forward=fail|error loss=fail|error loop=error
"""

import sys
import numpy
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def channel():
    frame = sys._getframe()
    while frame is not None:
        if "channel" in frame.f_locals:
            return frame.f_locals["channel"]
        frame = frame.f_back


def lie():
    value = {"kind": "tensor", "type_name": "Tensor", "dtype": "float32", "requires_grad": True, "leaf": False, "data": "0"}
    channel().send({"frame": "called", "values": [value]}, [numpy.array([4.0])])
    return w * 0


def forward(x):
    return lie()


def loss(y_pred, y):
    return lie()


if x_soat:
    channel().send({"frame": "done"})
