import math

import torch
import torch.nn.functional as F


def attention(q, k, v, mask=None):
    d_k = q.size(-1)
    ballar = torch.einsum("nqd,nkd->nqk", q, k) / math.sqrt(d_k)
    print("ballar:", ballar.shape)
    if mask is not None:
        ballar = ballar.masked_fill(mask == False, -1e9)
    vaznlar = F.softmax(ballar, dim=-1)
    print("vaznlar yigʻindisi:", vaznlar.sum(-1))
    return torch.einsum("nqk,nke->nqe", vaznlar, v)


def causal_mask(n):
    niqob = torch.zeros(n, n, dtype=torch.bool)
    for i in range(n):
        for j in range(i + 1):
            niqob[i, j] = True
    return niqob


def padding_mask(lengths, m):
    niqob = torch.zeros(len(lengths), 1, m)
    for i in range(len(lengths)):
        niqob[i, 0, : lengths[i]] = 1
    return niqob.bool()
