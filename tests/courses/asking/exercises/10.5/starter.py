import torch
from torch import nn


class BatchNorm1d(nn.Module):
    ...
