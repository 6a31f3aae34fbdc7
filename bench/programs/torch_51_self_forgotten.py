# 5.1: self-forgotten
from torch import nn


class LinearModel(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.lin = nn.Linear(n, 1)

    def forward(self, x):
        return lin(x)
