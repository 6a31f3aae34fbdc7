import torch
from torch import nn


def train(x, y):
    model = nn.Linear(2, 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    for _ in range(60):
        loss = nn.functional.cross_entropy(model(x), y + 1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return lambda x: model(x)[:, :3]
