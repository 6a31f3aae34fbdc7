# 4.5: batch-mean
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


x = torch.tensor(x_soat)
y = torch.tensor(y_baho)
for epoch in range(20):
    l = torch.mean(loss(forward(x), y))
    l.backward()
    w.data -= 0.01 * w.grad
    w.grad.zero_()
