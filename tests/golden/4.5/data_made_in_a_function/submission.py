import torch

x_soat = None
y_baho = None


def tayyorla():
    global x_soat, y_baho
    x_soat = [1.0]
    while x_soat[-1] < 3.0:
        x_soat.append(x_soat[-1] + 1.0)
    y_baho = [2 * soat for soat in x_soat]


tayyorla()
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
