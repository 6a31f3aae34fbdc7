import torch
from torch import nn


class BatchNorm(nn.Module):
    def __init__(self, channels, momentum, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        ...

    def forward(self, x):
        ...
