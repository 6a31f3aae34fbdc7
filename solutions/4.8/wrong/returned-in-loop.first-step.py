import torch

# soat va baholar
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return w * x


def loss(y_pred, y):
    return (y_pred - y).pow(2)


def oqitish(epochs=10, lr=0.01):
    for epoch in range(epochs):
        for x, y in zip(x_soat, y_baho):
            xato = loss(forward(x), y)
            xato.backward()
            print("gradient:", w.grad.item())
            with torch.no_grad():
                w.sub_(lr * w.grad)
            w.grad.zero_()
            return xato.item()


print(forward(4).item())
print(oqitish())
print(forward(4).item())
