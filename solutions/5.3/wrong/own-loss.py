from torch import nn


def train_step(model, criterion, optimizer, x, y):
    criterion = nn.MSELoss()
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()
