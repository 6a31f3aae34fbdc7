import torch
from torch import nn

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

model = nn.Linear(1, 1, bias=False)
model.weight.data.fill_(1.0)
w = model.weight


def forward(x):
    return model(torch.tensor([x], dtype=torch.float32))


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        model.zero_grad()
        loss(forward(x), y).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.01 * parameter.grad
