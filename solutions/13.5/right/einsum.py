import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.h = heads
        self.query, self.key = nn.Linear(d, d), nn.Linear(d, d)
        self.value, self.out = nn.Linear(d, d), nn.Linear(d, d)

    def forward(self, x, mask=None):
        n, t, d = x.shape
        q = self.query(x).reshape(n, t, self.h, d // self.h)
        k = self.key(x).reshape(n, t, self.h, d // self.h)
        v = self.value(x).reshape(n, t, self.h, d // self.h)
        w = torch.einsum("nqhc,nkhc->nhqk", q, k).mul((d // self.h) ** -0.5)
        if mask is not None:
            w = w + torch.zeros(t, t).masked_fill(mask.logical_not(), float("-inf"))
        return self.out(torch.einsum("nhqk,nkhc->nqhc", w.softmax(-1), v).flatten(2))
