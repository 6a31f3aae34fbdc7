# 4.5: parameter-not-updated
import torch
import torch.optim as optim

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor(1.0, requires_grad=True)
opt = optim.SGD([w], lr=0.01)


def forward(x):
    return w * x


def loss(y_pred, y):
    return (y_pred - y).pow(2)


for epoch in range(100):
    for x, y in zip(x_soat, y_baho):
        y_pred = forward(x)
        l = loss(y_pred, y)
        opt.zero_grad()
        l.backward()
    print(epoch, w.item(), l.item())
