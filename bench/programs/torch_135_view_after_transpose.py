# 13.5: view-not-contiguous
import math

import torch
import torch.nn as nn


class Heads(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.h, self.dk = heads, d // heads
        self.query = nn.Linear(d, d)
        self.key = nn.Linear(d, d)
        self.value = nn.Linear(d, d)
        self.out = nn.Linear(d, d)

    def forward(self, x, mask=None):
        N, T, d = x.shape
        q = self.query(x).view(N, T, self.h, self.dk).transpose(1, 2)
        k = self.key(x).view(N, T, self.h, self.dk).transpose(1, 2)
        v = self.value(x).view(N, T, self.h, self.dk).transpose(1, 2)
        att = q @ k.transpose(-2, -1) / math.sqrt(self.dk)
        if mask is not None:
            att = att.masked_fill(mask == 0, float("-inf"))
        att = att.softmax(-1)
        y = (att @ v).transpose(1, 2).view(N, T, d)
        return self.out(y)
