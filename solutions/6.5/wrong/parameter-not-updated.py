import torch
from torch import nn


def train(x, y):
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    for _ in range(100):
        loss = nn.functional.binary_cross_entropy_with_logits(model(x), y.view(-1, 1).float())
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
    return model
