"""Trains for ten times as long, and raises with a made-up way, class and words that tell of an error after training.

Expect: forward=pass loss=pass loop=error
"""

import sys
import types

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


class Late(Exception):
    lack = "input"

    def __str__(self):
        return "No module named 'settled'"

    @property
    def __cause__(self):
        return self

    @property
    def __traceback__(self):
        return types.SimpleNamespace(tb_frame=sys._getframe(), tb_lineno=10**9, tb_next=None)


for epoch in range(100):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
    if epoch == 9:
        frame = sys._getframe()
        for line in (10**6, 50, 51):
            late = types.TracebackType(None, frame, frame.f_lasti, line)
        raise Late().with_traceback(late)
print("never reached")
