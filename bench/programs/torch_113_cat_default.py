# 11.3: wrong-axis
import torch
import torch.nn as nn
import torch.nn.functional as F


class Inception(nn.Module):
    def __init__(self, channels):
        super(Inception, self).__init__()
        self.one = nn.Conv2d(channels, 3, kernel_size=1)
        self.reduce = nn.Conv2d(channels, 2, kernel_size=1)
        self.three = nn.Conv2d(2, 4, kernel_size=3, padding=1)
        self.pooled = nn.Conv2d(channels, 5, kernel_size=1)

    def forward(self, x):
        b1 = self.one(x)
        b2 = self.three(F.relu(self.reduce(x)))
        b3 = self.pooled(F.max_pool2d(x, kernel_size=3, stride=1, padding=1))
        return F.relu(torch.cat([b1, b2, b3]))
