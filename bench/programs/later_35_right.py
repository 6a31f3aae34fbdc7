# 4.5: right
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


epoch = 0
while epoch < 10:
    for i in range(3):
        l = loss(forward(x_soat[i]), y_baho[i])
        l.backward()
        with torch.no_grad():
            w.sub_(w.grad * 0.01)
            w.grad.zero_()
    epoch = epoch + 1
