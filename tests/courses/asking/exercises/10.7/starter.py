import torch
from torch import nn


class CausalAttention(nn.Module):
    ...
