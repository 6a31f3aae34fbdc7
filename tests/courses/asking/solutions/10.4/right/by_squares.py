import torch
import torch.nn as nn


class LayerNorm(nn.Module):
    def __init__(self, d_model, eps=1e-5):
        super(LayerNorm, self).__init__()
        self.eps = eps
        self.d_model = d_model
        self.gamma = nn.Parameter(torch.ones(d_model))
        self.beta = nn.Parameter(torch.zeros(d_model))

    def forward(self, x):
        centred = x - x.sum(dim=-1).unsqueeze(-1) / self.d_model
        variance = (centred**2).mean(dim=-1, keepdim=True)
        out = centred * (variance + self.eps).rsqrt()
        out = self.gamma * out + self.beta
        return out
