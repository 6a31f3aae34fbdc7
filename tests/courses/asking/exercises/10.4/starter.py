import torch
from torch import nn


class LayerNorm(nn.Module):
    ...
