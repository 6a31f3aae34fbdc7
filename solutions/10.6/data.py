"""Pictures of a bar that lies, stands or leans, at any place. Every seed exchanges the classes, and light and dark."""

import torch


def bars(seed):
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(3, generator=generator)
    light = 1 - 2 * int(torch.randint(0, 2, (1,), generator=generator))
    steps = torch.tensor([[0, 1], [1, 0], [1, 1]])
    which = torch.arange(300) % 3
    x = 0.3 * torch.randn(300, 1, 8, 8, generator=generator)
    for picture, step in zip(x, steps[which]):
        room = 8 - 3 * step
        first = (torch.rand(2, generator=generator) * room).long()
        for i in range(4):
            row, column = first + i * step
            picture[0, row, column] += 1.5 * light
    y = order[which]
    return x[:120], y[:120], x[120:], y[120:]
