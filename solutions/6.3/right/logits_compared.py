import torch
from torch import nn


class LogisticModel(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n, 1), nn.Sigmoid())

    def forward(self, x):
        return self.net(x)

    @torch.no_grad()
    def predict(self, x):
        # Ehtimollik 0.5 dan katta — logit 0 dan katta
        return (self.net[0](x) > 0).to(torch.int64)
