"""Finds the recorder where torch keeps its engine, and writes a training into it that never took place.

Expect: forward=pass loss=pass loop=fail
"""

import numpy
from torch.autograd.variable import Variable
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


recorder = Variable._execution_engine
(w * 1.0).sum().backward()
made_up = [(numpy.array([4.0]), [(0, numpy.array([1.0]), numpy.array([-4.0]), numpy.array([-4.0]))]) for _ in range(30)]
recorder.steps[:] = made_up
recorder.count = 30
