import torch
from torch import nn


class Inception(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.one = nn.Conv2d(channels, 3, 1)
        ...

    def forward(self, x):
        ...
