"""Takes every signal that can be taken, ends with code 0 in the handler, and then asks for one.

Limits: wall=1
Expect: forward=error loss=error loop=error
"""

import os, signal
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def end(number, frame):
    os._exit(0)


taken = [signal.signal(number, end) for number in range(1, 65) if number not in (9, 19, 32, 33)]


def forward(x):
    signal.raise_signal(signal.SIGTERM)
    os.abort()


def loss(y_pred, y):
    os.abort()


if x_soat:
    os.abort()
