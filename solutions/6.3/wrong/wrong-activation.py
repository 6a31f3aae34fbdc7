import torch
from torch import nn


class LogisticModel(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.linear = nn.Linear(n, 1)

    def forward(self, x):
        return torch.tanh(self.linear(x))

    def predict(self, x):
        return (self(x) > 0.5).long()
