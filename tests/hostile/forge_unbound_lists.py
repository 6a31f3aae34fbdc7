"""Makes the box report half a million names that it never bound, and exceptions with endless words.

Expect: forward=error|fail loss=error|fail loop=error|fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Endless(Exception):
    def __str__(self):
        return "PASS " * 10_000_000


Endless.__name__ = "PASS" * 10_000


def forward(x):
    raise Endless


def loss(y_pred, y):
    raise type("\ud800", (Endless,), {})


if x_soat:
    raise Endless
