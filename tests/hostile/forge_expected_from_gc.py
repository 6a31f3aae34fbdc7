"""Looks among all objects for Expected, Reference, Trace or Probe, and returns what they hold.

Expect: forward=fail|error loss=fail|error loop=fail
"""

import gc
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

gc.unfreeze()
NAMES = ("Expected", "Reference", "Observation", "Trace", "Probe", "Check", "Exercise")
things = [thing for thing in gc.get_objects() if type(thing).__name__ in NAMES]


def found():
    return things[0] if things else None


def forward(x):
    return found()


def loss(y_pred, y):
    return found()


for epoch in range(30):
    (w * (1.0 if found() is None else 2.0)).sum().backward()
