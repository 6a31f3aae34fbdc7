from torch import nn


class LinearModel(nn.Sequential):
    def __init__(self, n):
        super().__init__(nn.Linear(n, 1))
