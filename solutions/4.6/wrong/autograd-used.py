import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def gradient(x, y):
    l = (x * w - y) ** 2
    l.backward()
    g = w.grad.item()
    w.grad.zero_()
    return g


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w.data = w.data - 0.01 * gradient(x, y)
