import torch
from torch import nn


def train(x, y):
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    y = y.view(-1, 1).float()
    for _ in range(40):
        z = model(x)
        loss = (y * nn.functional.logsigmoid(z) + (1 - y) * nn.functional.logsigmoid(-z)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model
