import torch
from torch import nn


def positions(n, d):
    ...


class Words(nn.Module):
    def __init__(self, vocab, d, longest=50):
        super().__init__()
        ...

    def forward(self, x):
        ...
