from torch import nn


def batch_loss(model, x, y):
    return nn.L1Loss()(model(x), y.view(-1, 1))
