import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, vocab, d):
        super().__init__()
        ...

    def step(self, word, h, states, seen):
        ...

    def forward(self, y, h, states, seen):
        ...
