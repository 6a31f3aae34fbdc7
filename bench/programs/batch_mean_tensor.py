# 4.5: batch-mean
import torch

x_soat = torch.tensor([1.0, 2.0, 3.0])
y_baho = torch.tensor([2.0, 4.0, 6.0])
w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return ((y_pred - y) ** 2).mean()


for epoch in range(100):
    l = loss(forward(x_soat), y_baho)
    l.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad.zero_()
