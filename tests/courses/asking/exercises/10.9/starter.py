import torch
from torch import nn


class PositionalEncoding(nn.Module):
    ...
