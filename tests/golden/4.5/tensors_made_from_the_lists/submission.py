import torch
from torch import nn

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

X = torch.tensor(x_soat).view(-1, 1)
Y = torch.tensor(y_baho).view(-1, 1)

model = nn.Linear(1, 1, bias=False)
nn.init.ones_(model.weight)
w = model.weight
criterion = nn.MSELoss()


def forward(x):
    return model(x)


def loss(y_pred, y):
    return criterion(y_pred, y)


for epoch in range(10):
    for x, y in zip(X, Y):
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
