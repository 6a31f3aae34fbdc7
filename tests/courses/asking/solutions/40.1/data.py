"""Three arms of a spiral. Every seed turns them by another angle, so that no rule that is written down fits them."""

import math

import torch


def spirals(seed):
    generator = torch.Generator().manual_seed(seed)
    angle = float(torch.rand(1, generator=generator)) * 2 * math.pi
    y = torch.arange(600) % 3
    radius = torch.rand(600, generator=generator) * 0.9 + 0.1
    around = angle + y * 2 * math.pi / 3 + 3.5 * radius + 0.3 * torch.randn(600, generator=generator)
    x = 2 * torch.stack([radius * around.cos(), radius * around.sin()], dim=1)
    return x[:300], y[:300], x[300:], y[300:]
