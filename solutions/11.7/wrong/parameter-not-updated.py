import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        f = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(self.norm2(self.conv2(f)) + x)


def train(x, y):
    model = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), Block(16), Block(16), nn.MaxPool2d(10), nn.Flatten(), nn.Linear(16, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(40):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
    return model.eval()
