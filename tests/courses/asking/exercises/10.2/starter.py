import torch
from torch import nn


class Model(nn.Module):
    ...
