import torch
from torch import nn


class LogisticModel(nn.Module):
    ...
