import torch
from torch import nn


def train_text(model, optimizer, x, y, steps):
    losses = []
    ...
    return losses
