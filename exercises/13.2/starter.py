import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, vocab, size, hidden, classes):
        super().__init__()
        ...

    def forward(self, x, lengths):
        ...
