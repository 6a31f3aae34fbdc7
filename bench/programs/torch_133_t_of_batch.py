# 13.3: transpose-of-batch
import math

import torch
import torch.nn.functional as F


def attention(q, k, v, mask=None):
    scores = torch.matmul(q, k.t()) / math.sqrt(q.size(-1))
    if mask is not None:
        scores = scores.masked_fill(mask == 0, float("-inf"))
    return torch.matmul(F.softmax(scores, dim=-1), v)


def causal_mask(n):
    return torch.tril(torch.ones(n, n)).bool()


def padding_mask(lengths, m):
    return (torch.arange(m)[None, :] < lengths[:, None]).unsqueeze(1)
