from torch import nn


def batch_loss(model, x, y):
    return nn.CrossEntropyLoss()(model(x), y)


def predict(model, x):
    return model(x).argmax(dim=0)


def accuracy(model, x, y):
    return (model(x).argmax(dim=1) == y).float().mean().item()
