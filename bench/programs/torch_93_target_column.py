# 9.3: target-shape
import torch
from torch import nn

criterion = nn.CrossEntropyLoss()


def batch_loss(model, x, y):
    return criterion(model(x), y.view(-1, 1))


def predict(model, x):
    with torch.no_grad():
        return model(x).max(1).indices


def accuracy(model, x, y):
    return (predict(model, x) == y).sum().item() / y.numel()
