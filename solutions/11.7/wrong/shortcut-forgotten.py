import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        f = torch.relu(self.conv1(x))
        return torch.relu(self.conv2(f))


def train(x, y):
    blocks = [Block(8) for _ in range(6)]
    model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), *blocks, nn.MaxPool2d(10), nn.Flatten(), nn.Linear(8, 3))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(40):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()
