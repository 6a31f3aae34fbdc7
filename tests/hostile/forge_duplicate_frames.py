"""Sends the same `loaded` and `called` twice over, so that one true answer would count for later probes.

Expect: forward=fail|error loss=fail|error loop=error|fail
"""

import os
from grader.sandbox.inside.channel import Channel
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

send = Channel.send


def twice(self, header, blocks=None):
    send(self, header, blocks)
    send(self, header, blocks)


Channel.send = twice


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        w.grad = None
