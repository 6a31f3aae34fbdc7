from torch import nn


def batch_loss(model, x, y):
    return nn.MSELoss()(model(x), y)
