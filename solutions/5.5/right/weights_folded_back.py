import torch
from torch import nn


def train(x, y):
    model = nn.Linear(2, 1)
    m, s = x.mean(dim=0), x.std(dim=0)
    z = (x - m) / s
    opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for i in range(400):
        opt.zero_grad()
        ((model(z) - y) ** 2).mean().backward()
        opt.step()
    with torch.no_grad():
        model.weight /= s
        model.bias -= (model.weight * m).sum()
    return model
