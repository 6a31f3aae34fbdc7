import torch
from torch import nn
from torch.nn import functional as F


class Inception(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.one = nn.Conv2d(channels, 12, 1)
        self.reduce = nn.Conv2d(channels, 2, 1)
        self.three = nn.Conv2d(2, 12, 3, padding=1)
        self.pooled = nn.Conv2d(channels, 12, 1)

    def forward(self, x):
        a = self.one(x)
        b = self.three(F.relu(self.reduce(x)))
        c = self.pooled(F.max_pool2d(x, 3, stride=1, padding=1))
        return F.relu(a + b + c)
