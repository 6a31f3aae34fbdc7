# 6.4: sigmoid-twice
import torch
from torch import nn


def fit(model, x, y, epochs, lr):
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    target = y.view(-1, 1).float()
    losses = list()
    for epoch in range(epochs):
        loss = criterion(torch.sigmoid(model(x)), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
