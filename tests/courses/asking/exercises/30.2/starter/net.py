import torch
from torch import nn


class Net(nn.Module):
    ...


def loss_fn(outputs, labels):
    ...


def accuracy(outputs, labels):
    ...
