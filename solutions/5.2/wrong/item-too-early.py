from torch import nn


def batch_loss(model, x, y):
    loss = nn.MSELoss()(model(x), y.reshape(-1, 1))
    return loss.item()
