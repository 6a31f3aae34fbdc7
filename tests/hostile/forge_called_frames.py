"""Writes the whole conversation in advance: loaded, and eight calls with the values and gradients of the example.

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


VALUE = {"kind": "tensor", "type_name": "Tensor", "dtype": "float32", "requires_grad": True, "leaf": False, "data": "0"}
CALL = frame({"frame": "called", "values": [VALUE]}, [4.0])
GRADIENT = frame({"frame": "gradients", "gradients": {"w": ["0"]}}, [4.0])
LOADED = frame({"frame": "loaded", "names": [], "functions": {}, "skipped": []})
RAN = frame({"frame": "ran", "finals": {}})
sent = os.write(3, LOADED + (CALL + GRADIENT) * 16 + frame({"frame": "done"}))


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0
