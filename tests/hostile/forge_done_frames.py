"""Writes `done` on the wire before anything was asked.

Expect: forward=error loss=error loop=error
"""

import json, os, struct
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def frame(content, block=b""):
    body = json.dumps(content).encode()
    return struct.pack(">II", len(body), len(block)) + body + block


sent = os.write(3, frame({"frame": "done"}) * 40)


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0
