import torch
from torch import nn


class Dropout(nn.Module):
    ...
