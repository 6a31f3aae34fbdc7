# 4.5: backward-twice
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


preds = [forward(x) for x in x_soat]
for epoch in range(20):
    for y_pred, y in zip(preds, y_baho):
        l = loss(y_pred, y)
        l.backward()
        w.data -= 0.01 * w.grad.data
        w.grad.data.zero_()
