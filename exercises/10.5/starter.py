import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3)
        ...

    def forward(self, x):
        ...


def count_parameters(model): ...
