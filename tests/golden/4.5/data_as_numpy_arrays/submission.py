import numpy as np
import torch

x_soat = np.array([1.0, 2.0, 3.0], dtype=np.float32)
y_baho = np.array([2.0, 4.0, 6.0], dtype=np.float32)
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    # float(): NumPy skalyarini oddiy songa
    return float(x) * w


def loss(y_pred, y):
    return (y_pred - float(y)) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
