import torch
from torch import nn


def fit(model, x, y, epochs, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    y = y.view(-1, 1).float()
    losses = []
    for epoch in range(epochs):
        p = torch.sigmoid(model(x))
        loss = -((1 - y) * torch.log(p) + y * torch.log(1 - p)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
