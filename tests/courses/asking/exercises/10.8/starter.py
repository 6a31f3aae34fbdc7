import torch
from torch import nn


class MultiHeadAttention(nn.Module):
    ...
