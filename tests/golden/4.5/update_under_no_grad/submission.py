import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

lr, epochs = 1e-2, 10


def forward(x):
    return x * w


def loss(y_pred, y):
    return torch.square(y_pred - y)


for _ in range(epochs):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        with torch.no_grad():
            w.sub_(lr * w.grad)
            w.grad.zero_()
