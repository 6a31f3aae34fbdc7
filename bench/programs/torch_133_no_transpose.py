# 13.3: transpose-forgotten, matrix-shapes, layer-sizes
import math

import torch


def attention(q, k, v, mask=None):
    d = q.shape[-1]
    scores = torch.bmm(q, k) / math.sqrt(d)
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    weights = torch.softmax(scores, dim=-1)
    return torch.bmm(weights, v)


def causal_mask(n):
    return torch.ones(n, n, dtype=torch.bool).tril()


def padding_mask(lengths, m):
    return torch.arange(m).view(1, 1, m) < lengths.view(-1, 1, 1)
