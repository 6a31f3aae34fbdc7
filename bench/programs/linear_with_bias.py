# 4.5: bias-added
import torch
import torch.nn as nn

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)
b = torch.tensor([0.0], requires_grad=True)


def forward(x):
    return x * w + b


def loss(y_pred, y):
    return (y_pred - y) ** 2


optimizer = torch.optim.SGD([w, b], lr=0.01)
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        l = loss(forward(x), y)
        optimizer.zero_grad()
        l.backward()
        optimizer.step()
