import torch

x_soat = torch.tensor([1.0, 2.0, 3.0])
y_baho = torch.tensor([2.0, 4.0, 6.0])
w = torch.nn.Parameter(torch.ones(1))


def forward(x):
    return w * x


def loss(y_pred, y):
    return (y_pred - y).pow(2).sum()


print("oldin", forward(4))
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        error = loss(forward(x), y)
        error.backward()
        print(w.grad)
        with torch.no_grad():
            w -= 0.01 * w.grad
            w.grad = None
    print(error)
print("keyin", forward(4))
