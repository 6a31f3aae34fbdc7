"""Points around the corners of a square. The seed decides where it is, and which pair of opposite corners is 1."""

import torch


def corners(seed):
    generator = torch.Generator().manual_seed(seed)
    turned = torch.randint(2, (1,), generator=generator)
    corner = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]])[torch.arange(240) % 4]
    y = (corner.sum(dim=1, keepdim=True) + turned) % 2
    middle = (2 * torch.randint(2, (2,), generator=generator) - 1) * (1 + torch.rand(2, generator=generator))
    x = middle + corner - 0.5 + 0.08 * torch.randn(240, 2, generator=generator)
    return x[:80], y[:80].float(), x[80:], y[80:]
