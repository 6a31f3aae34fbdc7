import torch
from torch import nn


class DeepModel(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        ...

    def forward(self, x):
        ...
