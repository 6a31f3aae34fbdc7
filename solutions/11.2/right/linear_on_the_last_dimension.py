import torch
import torch.nn.functional as F
from torch import nn


def pointwise(x, w, b):
    y = F.linear(x.permute(0, 2, 3, 1), w, b)
    return y.permute(0, 3, 1, 2)


def global_average(x):
    pool = nn.AdaptiveAvgPool2d(1)
    return torch.flatten(pool(x), 1)
