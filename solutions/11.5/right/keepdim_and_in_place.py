import torch
import torch.nn as nn


class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super(BatchNorm, self).__init__()
        shape = (channels,)
        self.weight = nn.Parameter(torch.ones(shape))
        self.bias = nn.Parameter(torch.zeros(shape))
        self.register_buffer('running_mean', torch.zeros(shape))
        self.register_buffer('running_var', torch.ones(shape))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        c = x.size(1)
        if not self.training:
            m = self.running_mean.reshape(1, c, 1, 1)
            v = self.running_var.reshape(1, c, 1, 1)
        else:
            m = x.mean(0, keepdim=True).mean(2, keepdim=True).mean(3, keepdim=True)
            v = ((x - m) ** 2).mean(dim=[0, 2, 3], keepdim=True)
            print("oʻrtacha:", m.flatten().tolist())
            print("dispersiya:", v.flatten().tolist())
            n = x.size(0) * x.size(2) * x.size(3)
            self.running_mean.mul_(1 - self.momentum).add_(self.momentum * m.data.view(c))
            self.running_var.mul_(1 - self.momentum).add_(self.momentum * v.data.view(c) * n / (n - 1))
        y = (x - m) * (v + self.eps) ** -0.5
        return y * self.weight[None, :, None, None] + self.bias[None, :, None, None]
