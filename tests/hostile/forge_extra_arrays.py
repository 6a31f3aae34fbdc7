"""Adds arrays that nothing refers to, references that are used twice, and names from another job, to every frame.

Expect: forward=error loss=error loop=error
"""

import numpy
from grader.sandbox.inside.channel import Channel
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

send = Channel.send


def more(self, header, blocks=None):
    send(self, header, [*(blocks or []), numpy.zeros(3), numpy.ones(2)])


Channel.send = more


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2
