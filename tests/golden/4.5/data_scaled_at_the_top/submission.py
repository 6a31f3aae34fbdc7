import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
x_soat = torch.tensor(x_soat, dtype=torch.float64) / 10
y_baho = torch.tensor(y_baho, dtype=torch.float64) / 10
x_soat, y_baho = x_soat * 10, y_baho * 10


w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        step = loss(forward(x), y)
        step.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
