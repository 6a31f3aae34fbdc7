import torch

# soat va baholar
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return w * x


def loss(y_pred, y):
    return (y_pred - y).pow(2)


print("4 soat uchun bashorat:", forward(4).item())

for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        xato = loss(forward(x), y)
        xato.backward()
        print(x, y, w.grad.item())
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
    print(epoch, xato.item())
