import torch
from torch import nn


def fit(model, x, y, epochs, lr):
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        loss = criterion(model(x), y.view(-1, 1).float())
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
