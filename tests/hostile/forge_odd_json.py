"""Sends NaN, 1e999, lone surrogates, ten thousand brackets and unknown fields where honest children send JSON.

Expect: forward=error loss=error loop=error
"""

import os, struct
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def raw(body):
    return os.write(3, struct.pack(">II", len(body), 0) + body)


def forward(x):
    return raw(b'{"frame": "called", "values": ' + b"[" * 10_000 + b"]" * 10_000 + b"}")


def loss(y_pred, y):
    return raw(b'{"frame": "called", "verdict": "pass", "raised": {"type_name": "\\ud800", "message": "", "line": 1e999}}')


if x_soat:
    raw(b'{"frame": "loaded", "names": [NaN], "functions": {}, "skipped": [], "verdict": "pass"}')
