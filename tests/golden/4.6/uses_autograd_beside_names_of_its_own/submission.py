import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def backward():
    """Nothing: only the name."""


def gradient(x, y):
    v = torch.tensor([w], requires_grad=True)
    ((x * v - y) ** 2).backward()
    return v.grad.item()


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * 2 * x * (x * w - y)
