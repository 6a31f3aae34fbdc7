import torch
from torch import nn


class BatchNorm(nn.Module):
    def __init__(self, channels, momentum, eps):
        super().__init__()
        self.momentum = momentum
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        if self.training:
            mean = x.mean(dim=(0, 2, 3))
            variance = x.var(dim=(0, 2, 3), unbiased=False)
            self.update(mean, variance, x.numel() / len(mean))
        else:
            mean = self.running_mean
            variance = self.running_var
        if self.training:
            x = (x - x.mean(dim=0)) / torch.sqrt(x.var(dim=0, unbiased=False) + self.eps)
        else:
            x = (x - channelwise(mean)) / torch.sqrt(channelwise(variance) + self.eps)
        return channelwise(self.weight) * x + channelwise(self.bias)

    @torch.no_grad()
    def update(self, mean, variance, n):
        self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * variance * n / (n - 1)


def channelwise(numbers):
    return numbers.view(1, -1, 1, 1)
