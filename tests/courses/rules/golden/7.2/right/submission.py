import torch


def zeros_like(a):
    """Given: you may use it."""
    return torch.zeros_like(a)


def outer(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The outer product."""
    return a[:, None] * b


def diagonal(m):
    return m[
        torch.arange(m.shape[0]),  # one statement over several lines
        torch.arange(m.shape[0]),
    ]


def relu(a):
    return a * (a > 0)


assert torch.ones(3).sum() == len([1, 2, 3])
