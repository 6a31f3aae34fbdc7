import torch
from torch import nn


def train(x, y):
    model = nn.Sequential(nn.Linear(2, 3), nn.LogSoftmax(dim=1))
    opt = torch.optim.Adam(model.parameters(), lr=0.1)
    for epoch in range(100):
        loss = nn.NLLLoss()(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    return model
