"""Looks among all objects for Expected, Reference, Trace or Probe, and returns what they hold.

Expect: forward=fail|error loss=fail|error loop=fail
"""

import gc
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def found():
    gc.unfreeze()
    for thing in gc.get_objects():
        if type(thing).__name__ in ("Expected", "Reference", "Sight", "Trace", "Probe", "Check", "Exercise"):
            return thing
    return None


def forward(x):
    return found()


def loss(y_pred, y):
    return found()


for epoch in range(30):
    (w * (1.0 if found() is None else 2.0)).sum().backward()
