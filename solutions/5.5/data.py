"""Hours studied and hours slept, and grades. Every seed has other weights, so that no plane that is written down fits."""

import torch


def classes(seed):
    generator = torch.Generator().manual_seed(seed)
    studied = 200 * torch.rand(120, 1, generator=generator)
    slept = 4 + 6 * torch.rand(120, 1, generator=generator)
    a, b, c = torch.rand(3, generator=generator)
    y = (0.1 + 0.2 * a) * studied + (2 + 3 * b) * slept + 20 * c + torch.randn(120, 1, generator=generator)
    x = torch.cat([studied, slept], dim=1)
    return x[:60], y[:60], x[60:], y[60:]
