# 4.5: graph-cut, item-too-early
import torch
import numpy as np

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return np.square(y_pred.detach().numpy() - y)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        l = torch.tensor(loss(forward(x), y), requires_grad=True)
        l.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
