import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        ...

    def forward(self, x, mask=None):
        ...
