import torch
import torch.nn as nn


class BatchNorm1d(nn.Module):
    def __init__(self, dim, eps=1e-5, momentum=0.1):
        super(BatchNorm1d, self).__init__()
        self.dim, self.eps, self.m = dim, eps, momentum
        self.bias = nn.Parameter(torch.zeros(dim))
        self.weight = nn.Parameter(torch.ones(dim))
        self.register_buffer("running_var", torch.ones(dim))
        self.register_buffer("running_mean", torch.zeros(dim))

    def forward(self, x):
        if not self.training:
            x_hat = (x - self.running_mean) / (self.running_var + self.eps) ** 0.5
            return x_hat * self.weight + self.bias
        n = x.shape[0]
        mu = x.sum(dim=0, keepdim=True) / n
        var = ((x - mu) ** 2).sum(dim=0, keepdim=True) / n
        self.running_mean.mul_(1 - self.m).add_(self.m * mu.detach().squeeze(0))
        self.running_var.lerp_(var.detach().squeeze(0), self.m)
        x_hat = (x - mu) * torch.rsqrt(var + self.eps)
        return x_hat * self.weight.expand_as(x) + self.bias.expand_as(x)
