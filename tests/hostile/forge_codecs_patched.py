"""Patches json and safetensors in the child, so that every frame says done or carries a verdict.

Expect: forward=error loss=error loop=error
"""

import json
import safetensors.numpy
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

json.dumps = lambda *args, **kwargs: '{"frame": "done", "verdict": "pass", "score": 8.0}'
safetensors.numpy.save = lambda *args, **kwargs: b""


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0
