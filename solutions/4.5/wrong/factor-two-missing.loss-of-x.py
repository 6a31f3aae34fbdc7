import torch

# soat va baholar
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return w * x


def loss(x, y):
    y_pred = forward(x)
    return 0.5 * (y_pred - y).pow(2)


for epoch in range(10):
    for soat, baho in zip(x_soat, y_baho):
        xato = loss(soat, baho)
        xato.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad = None
