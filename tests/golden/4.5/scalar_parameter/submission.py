import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

# w bitta son: oʻlchamsiz tenzor
w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return w * x


def loss(y_pred, y):
    return (y - y_pred) ** 2


for epoch in range(10):
    for soat, baho in zip(x_soat, y_baho):
        xato = loss(forward(soat), baho)
        xato.backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
    print(epoch, xato.item())
