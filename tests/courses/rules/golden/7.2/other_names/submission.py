import torch


def zeros_like(a):
    return torch.zeros(a.shape)


def outer(a, b):
    return torch.outer(a, b)


def diagonal(m):
    size = m.shape[0]
    return m[torch.arange(size), torch.arange(size)]


def relu(a):
    return torch.where(a > 0, a, zeros_like(a))
