import torch


def outer(a, b):
    return a.outer(b)


def diagonal(m):
    return torch.where(m[0] > 0, *[m.diagonal() for _ in range(2)])


def relu(a):
    return a[a > 0] if a.shape else a
