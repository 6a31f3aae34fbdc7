import torch


def attention(q, k, v, mask=None):
    scores = q @ k.transpose(1, 2) / q.shape[2] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores @ v


def causal_mask(n):
    return torch.tril(torch.ones(n, n)).bool()


def padding_mask(lengths, m):
    return torch.arange(m) < lengths.view(-1, 1, 1)
