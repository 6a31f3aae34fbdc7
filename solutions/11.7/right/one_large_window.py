import torch
from torch import nn, optim

# Ikki nuqta 7×7 oynaga sigʻadi, shuning uchun bitta konvolyutsiya ham yetadi.


def train(x, y):
    net = nn.Sequential()
    net.add_module("conv", nn.Conv2d(1, 12, 7, padding=3))
    net.add_module("relu", nn.ReLU())
    net.add_module("flatten", nn.Flatten(2))
    net.add_module("pool", nn.AdaptiveMaxPool1d(1))
    net.add_module("all", nn.Flatten())
    net.add_module("fc", nn.Linear(12, 3))
    optimizer = optim.SGD(net.parameters(), lr=0.2, momentum=0.9)
    for step in range(200):
        optimizer.zero_grad()
        scores = net(x)
        loss = -(scores.log_softmax(dim=1)[torch.arange(len(y)), y]).mean()
        loss.backward()
        optimizer.step()
    return net
