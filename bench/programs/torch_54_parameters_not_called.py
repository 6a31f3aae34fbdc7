# 5.4: never-called
import torch
from torch import nn


def fit(model, x, y, epochs, lr):
    loss_fn = nn.MSELoss()
    opt = torch.optim.SGD(model.parameters, lr)
    losses = []
    for _ in range(epochs):
        loss = loss_fn(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses
