# 8.4: not-indexable
from torch import nn


def train_epoch(model, loader, optimizer):
    criterion = nn.MSELoss()
    total = 0
    n = 0
    for i in range(len(loader)):
        x, y = loader[i]
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * x.shape[0]
        n += x.shape[0]
    return total / n
