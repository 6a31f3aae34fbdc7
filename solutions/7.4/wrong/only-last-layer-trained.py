import torch
from torch import nn


def train(x, y):
    hidden, out = nn.Linear(1, 3), nn.Linear(3, 1)
    optimizer = torch.optim.Adam(out.parameters(), lr=0.05)
    for _ in range(200):
        loss = nn.functional.mse_loss(out(torch.tanh(hidden(x))), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return nn.Sequential(hidden, nn.Tanh(), out)
