import torch
from torch import nn

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

inputs = [torch.tensor([x]) for x in x_soat]
targets = [torch.tensor([y]) for y in y_baho]

model = nn.Linear(1, 1, bias=False)
nn.init.ones_(model.weight)
w = model.weight


def forward(x):
    return model(x)


def loss(y_pred, y):
    return nn.functional.mse_loss(y_pred, y)


for epoch in range(10):
    for x, y in zip(inputs, targets):
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
