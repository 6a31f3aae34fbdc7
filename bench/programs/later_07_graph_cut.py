# 4.5: graph-cut
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


opt = torch.optim.SGD([w], lr=0.01)
for epoch in range(100):
    for x, y in zip(x_soat, y_baho):
        opt.zero_grad()
        with torch.no_grad():
            y_pred = forward(x)
        l = loss(y_pred, y)
        l.backward()
        opt.step()
