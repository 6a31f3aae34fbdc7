# 4.5: right
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.nn.Parameter(torch.ones(1))
opt = torch.optim.SGD([w], lr=1e-2)


def forward(x):
    return x * w


def loss(y_pred, y):
    return torch.square(y_pred - y)


tarix = []
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        opt.zero_grad()
        l = loss(forward(x), y)
        l.backward()
        opt.step()
        tarix.append(l.item())
print(tarix[-1], w)
