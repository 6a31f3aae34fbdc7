import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    y_pred = x * w
    return y_pred


def loss(y_pred, y):
    farq = y_pred - y
    return farq * farq


def train_one(x, y):
    error = loss(forward(x), y)
    error.backward()
    w.data -= 0.01 * w.grad
    w.grad.zero_()


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        train_one(x, y)
        break  # keyingi epochga oʻtamiz
