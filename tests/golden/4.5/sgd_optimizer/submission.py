import torch
from torch import optim

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)
optimizer = optim.SGD([w], lr=0.01)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y).pow(2)


for epoch in range(10):
    total = 0
    for x, y in zip(x_soat, y_baho):
        optimizer.zero_grad()
        error = loss(forward(x), y)
        error.backward()
        optimizer.step()
        total += error.item()
    print("epoch", epoch, "mean loss", total / 3)
