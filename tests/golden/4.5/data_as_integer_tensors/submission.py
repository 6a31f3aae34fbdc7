import torch

x_soat = torch.tensor([1, 2, 3])
y_baho = 2 * x_soat
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
