import torch

# soat va baholar
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return w * x


def loss(y_pred, y):
    return (y_pred - y).pow(2)


lr = 0.01
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        if w.grad is not None:
            w.grad.zero_()
        xato = loss(forward(x), y)
        xato.backward()
        with torch.no_grad():
            w = w - lr * w.grad
