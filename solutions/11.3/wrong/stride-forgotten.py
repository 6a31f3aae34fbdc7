import torch
from torch import nn
from torch.nn import functional as F


class Inception(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.one = nn.Conv2d(channels, 3, 1)
        self.reduce = nn.Conv2d(channels, 2, 1)
        self.three = nn.Conv2d(2, 4, 3, padding=1)
        self.pooled = nn.Conv2d(channels, 5, 1)

    def forward(self, x):
        one = self.one(x)
        three = self.three(torch.relu(self.reduce(x)))
        pooled = self.pooled(F.max_pool2d(x, 3, padding=1))
        return torch.relu(torch.cat([one, three, pooled], dim=1))
