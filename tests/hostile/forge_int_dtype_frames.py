"""Says that its values are integers, so that no hidden vector is sent, and guesses the gradients without it.

Expect: forward=fail|error loss=fail|error loop=error
"""

import json, os, struct
import numpy
from safetensors.numpy import save
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def frame(content, *arrays):
    body = json.dumps(content).encode()
    block = save({str(i): numpy.array(array, dtype=float) for i, array in enumerate(arrays)}) if arrays else b""
    return struct.pack(">II", len(body), len(block)) + body + block


VALUE = {"kind": "tensor", "type_name": "Tensor", "dtype": "int64", "requires_grad": True, "leaf": False, "data": "0"}


def lie(value, gradient):
    os.write(3, frame({"frame": "called", "values": [VALUE]}, value))
    os.write(3, frame({"frame": "gradients", "gradients": {"w": ["0"]}}, gradient))
    return w * 0


def forward(x):
    return lie((x * w).tolist(), [x])


def loss(y_pred, y):
    return lie(((y_pred - y) ** 2).tolist(), [1.0])


if x_soat:
    forward(1.0)
