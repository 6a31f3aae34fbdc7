import torch


def attention(q, k, v, mask=None):
    ...


def causal_mask(n):
    ...


def padding_mask(lengths, m):
    ...
