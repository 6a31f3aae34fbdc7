# 5.2: broadcast-target
from torch import nn


def batch_loss(model, x, y):
    y_pred = model(x)
    criterion = nn.MSELoss()
    return criterion(y_pred, y.flatten())
