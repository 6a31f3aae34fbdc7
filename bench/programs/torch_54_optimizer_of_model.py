# 5.4: optimizer-wants-parameters
import torch
import torch.nn as nn
import torch.optim as optim


def fit(model, x, y, epochs, lr):
    criterion = nn.MSELoss()
    optimizer = optim.SGD(model, lr=lr)
    history = []
    for i in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history
