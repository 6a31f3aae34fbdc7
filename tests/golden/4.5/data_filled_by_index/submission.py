import torch

x_soat = torch.zeros(3)
y_baho = [0.0] * 3
for i in range(3):
    x_soat[i] = i + 1.0
    y_baho[i] = 2 * x_soat[i]
assert x_soat[2] == 3.0

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
