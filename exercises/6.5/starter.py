import torch
from torch import nn


def train(x, y):
    model = nn.Linear(2, 1)
    ...
    return model
