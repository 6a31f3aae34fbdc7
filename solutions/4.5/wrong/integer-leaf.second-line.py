import torch

x_soat = [1, 2, 3]
y_baho = [2, 4, 6]
w = torch.tensor(1)
w.requires_grad = True


def forward(x):
    return w * x


def loss(y_pred, y):
    return (y_pred - y).pow(2)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
