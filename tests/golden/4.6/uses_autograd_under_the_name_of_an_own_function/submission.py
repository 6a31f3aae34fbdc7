import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def backward(loss):
    loss.backward()


def requires_grad(number):
    return torch.tensor([number]).requires_grad_()


def gradient(x, y):
    v = requires_grad(w)
    backward((x * v - y) ** 2)
    return v.grad.item()


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
