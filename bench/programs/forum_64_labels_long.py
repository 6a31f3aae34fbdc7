# 6.4: target-not-float
import torch
from torch import nn


def fit(model, x, y, epochs, lr):
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    target = y.view(-1, 1).long()
    losses = []
    for epoch in range(epochs):
        loss = criterion(model(x), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
