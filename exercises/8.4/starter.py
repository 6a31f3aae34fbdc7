import torch
from torch import nn


def train_epoch(model, loader, optimizer):
    total = 0.0
    ...
    return total
