"""Looks in frames and in all objects for the hidden vector before it is sent, to answer without a graph.

Expect: forward=fail loss=fail loop=fail
"""

import gc, sys
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def hidden():
    frame = sys._getframe()
    while frame is not None:
        for name in ("cotangents", "seed", "secret"):
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
    young = [thing for thing in gc.get_objects(0) + gc.get_objects(1) if isinstance(thing, dict)]
    return next((thing["cotangents"] for thing in young if "cotangents" in thing), None)


def forward(x):
    return torch.tensor([float(x * w)]) if hidden() is None else x * w


def loss(y_pred, y):
    return ((y_pred - y) ** 2).detach() if hidden() is None else (y_pred - y) ** 2
