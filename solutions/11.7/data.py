"""Pictures of two points, five places apart: side by side, one above the other, or on a slant. Every seed exchanges the classes, and light and dark."""

import torch

SIDE, APART = 10, 5


def pairs(seed):
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(3, generator=generator)
    light = 1 - 2 * int(torch.randint(0, 2, (1,), generator=generator))
    ways = torch.tensor([[0, APART], [APART, 0], [APART, APART]])
    which = torch.arange(240) % 3
    x = 0.2 * torch.randn(240, 1, SIDE, SIDE, generator=generator)
    for picture, way in zip(x, ways[which]):
        first = (torch.rand(2, generator=generator) * (SIDE - way)).long()
        for row, column in (first, first + way):
            picture[0, row, column] += 2 * light
    y = order[which]
    return x[:120], y[:120], x[120:], y[120:]
