import torch
from torch import nn


class LinearModel(nn.Module):
    ...
