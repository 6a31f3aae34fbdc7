# 4.5: optimizer-elsewhere, parameter-not-updated
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)
b = torch.tensor([0.0], requires_grad=True)
optimizer = torch.optim.SGD([b], lr=0.01)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        optimizer.zero_grad()
        l = loss(forward(x), y)
        l.backward()
        optimizer.step()
