"""Three classes of grades around three points. Every seed turns and moves them, and exchanges the classes."""

import math

import torch


def grades(seed):
    generator = torch.Generator().manual_seed(seed)
    turned = 2 * math.pi * float(torch.rand(1, generator=generator))
    order = torch.randperm(3, generator=generator)
    which = torch.arange(360) % 3
    around = turned + which * 2 * math.pi / 3
    x = torch.stack([around.cos(), around.sin()], dim=1) * 1.5 + 0.7 * torch.randn(360, 2, generator=generator)
    x = x + 2 * torch.rand(2, generator=generator) - 1
    y = order[which]
    return x[:120], y[:120], x[120:], y[120:]
