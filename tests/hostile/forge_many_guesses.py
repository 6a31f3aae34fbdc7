"""Spreads guesses over many leaves and outputs, because any leaf may be the parameter.

Expect: forward=fail loss=fail loop=fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return (x * w, x * w)


def loss(y_pred, y):
    return [w * guess for guess in range(30)]


guesses = [torch.tensor([1.0 + 0.1 * i], requires_grad=True) for i in range(16)]
for epoch in range(30):
    sum(guess * 1.0 for guess in guesses).sum().backward()
