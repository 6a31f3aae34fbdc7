# 4.5: pairs-crossed
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(100):
    for x in x_soat:
        for y in y_baho:
            l = loss(forward(x), y)
            l.backward()
            w.data = w.data - 0.01 * w.grad
            w.grad.zero_()
