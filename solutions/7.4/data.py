"""Grades that rise with the hours and fall again. Every seed moves the top and bends the curve otherwise."""

import torch


def classes(seed):
    generator = torch.Generator().manual_seed(seed)
    top, bend, high = torch.rand(3, generator=generator)
    x = torch.rand(240, 1, generator=generator) * 4 - 2
    y = 2 + high - (1 + bend) * (x - top + 0.5) ** 2 + 0.1 * torch.randn(240, 1, generator=generator)
    return x[:80], y[:80], x[80:], y[80:]
