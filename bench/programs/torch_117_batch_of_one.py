# 11.7: evaluation-mode-forgotten
import torch
import torch.nn as nn


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(c, c, 3, padding=1), nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, c, 3, padding=1), nn.BatchNorm2d(c)
        )

    def forward(self, x):
        return torch.relu(x + self.body(x))


def train(x, y):
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), Res(16), Res(16), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.BatchNorm1d(16), nn.Linear(16, 3)
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(40):
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
    return net
