"""Sends a pickle where the arrays are expected: a judge that unpickles would run it.

Expect: forward=error loss=error loop=error
"""

import json, os, pickle, struct
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Run:
    def __reduce__(self):
        return (os._exit, (0,))


def send(header):
    body, block = json.dumps(header).encode(), pickle.dumps(Run())
    return os.write(3, struct.pack(">II", len(body), len(block)) + body + block)


VALUE = {"kind": "tensor", "type_name": "Tensor", "data": "0"}


def forward(x):
    return send({"frame": "called", "values": [VALUE]})


def loss(y_pred, y):
    return send({"frame": "called", "values": [VALUE]})


if x_soat:
    send({"frame": "loaded", "names": [], "functions": {}, "skipped": []})
