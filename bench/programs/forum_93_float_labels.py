# 9.3: target-not-long
from torch import nn


def batch_loss(model, x, y):
    return nn.CrossEntropyLoss()(model(x), y.float())


def predict(model, x):
    return model(x).argmax(1)


def accuracy(model, x, y):
    return (predict(model, x) == y).float().mean().item()
