import torch


def zeros_like(a):
    """Given: you may use it."""
    return torch.zeros_like(a)


def outer(a, b):
    return a[:, None] + b[None, :]


def diagonal(m):
    return m[torch.arange(m.shape[0]), torch.arange(m.shape[0])]


def relu(a):
    return torch.where(a > 0, a, zeros_like(a))
