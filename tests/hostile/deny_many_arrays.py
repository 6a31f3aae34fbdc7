"""Sends one frame whose block names 150,000 empty arrays: reading it must not hold up the grader.

Limits: wall=4 memory=512
Expect: forward=pass|error loss=pass|error loop=error
"""

import json
import os
import struct

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

names = {str(i): {"dtype": "F64", "shape": [0], "data_offsets": [0, 0]} for i in range(150_000)}
block = json.dumps(names).encode()
block = struct.pack("<Q", len(block)) + block
body = b'{"frame": "loaded", "names": [], "functions": {}, "skipped": []}'
data = memoryview(struct.pack(">II", len(body), len(block)) + body + block)
while data:
    data = data[os.write(3, data):]
