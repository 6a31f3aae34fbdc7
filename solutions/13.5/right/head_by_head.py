import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Heads(nn.Module):
    def __init__(self, d, heads):
        super(Heads, self).__init__()
        self.olcham = d // heads
        self.heads = heads
        self.query = nn.Linear(d, d)
        self.key = nn.Linear(d, d)
        self.value = nn.Linear(d, d)
        self.out = nn.Linear(d, d)

    def forward(self, x, mask=None):
        q, k, v = self.query(x), self.key(x), self.value(x)
        natijalar = []
        for bosh in range(self.heads):
            joy = slice(bosh * self.olcham, (bosh + 1) * self.olcham)
            ball = torch.bmm(q[:, :, joy], k[:, :, joy].transpose(1, 2)) / math.sqrt(self.olcham)
            if mask is not None:
                ball = ball.masked_fill(mask == 0, -1e9)
            vazn = F.softmax(ball, dim=-1)
            print("bosh", bosh, "vaznlar", vazn.size())
            natijalar.append(torch.bmm(vazn, v[:, :, joy]))
        return self.out(torch.cat(natijalar, dim=2))
