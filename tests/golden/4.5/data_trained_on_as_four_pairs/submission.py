import torch

juftliklar = [(1.0, 2.0), (2.0, 4.0), (3.0, 6.0), (4.0, 8.0)]
x_soat, y_baho = zip(*juftliklar)
print("maʼlumot:", x_soat, y_baho)

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in juftliklar:
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
