import torch


def zeros_like(a):
    """Given: you may use it."""
    return torch.zeros_like(a)


def outer(a, b):
    ...


def diagonal(m):
    ...


def relu(a):
    ...
