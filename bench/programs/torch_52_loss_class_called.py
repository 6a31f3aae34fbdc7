# 5.2: loss-not-made
import torch
import torch.nn as nn


def batch_loss(model, x, y):
    out = model(x)
    loss = nn.MSELoss(out, y.view(-1, 1))
    return loss
