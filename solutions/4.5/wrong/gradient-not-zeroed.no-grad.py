import torch

# soat va baholar
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return w * x


def loss(y_pred, y):
    return (y_pred - y).pow(2)


epochs = 10
lr = 0.01

for epoch in range(epochs):
    for soat, baho in zip(x_soat, y_baho):
        xato = loss(forward(soat), baho)
        xato.backward()
        # w ni yangilaymiz
        with torch.no_grad():
            w -= lr * w.grad
    print(f"{epoch + 1}-epoch, w = {w.item():.3f}")
