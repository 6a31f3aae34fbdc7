import torch

# soat va baholar
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return w * x


def loss(y_pred, y):
    return (y_pred - y).pow(2)


for i in range(10):
    for a, b in zip(x_soat, y_baho):
        loss(forward(a), b).backward()
        w.sub_(0.01 * w.grad)
        w.grad = None
