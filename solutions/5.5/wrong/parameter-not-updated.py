import torch
from torch import nn


def train(x, y):
    mean, std = x.mean(dim=0), x.std(dim=0)
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(200):
        loss = nn.functional.mse_loss(model((x - mean) / std), y)
        optimizer.zero_grad()
        loss.backward()
    return lambda inputs: model((inputs - mean) / std)
