"""Words of a language in which two letters decide the next. One of them alone tells nothing. Every seed is another language."""

import torch

LETTERS, LENGTH, SLIPS = 4, 7, 0.05


def words(seed):
    generator = torch.Generator().manual_seed(seed)
    first, second, third = (torch.randperm(LETTERS, generator=generator) for _ in range(3))
    columns = list(torch.randint(LETTERS, (2, 300), generator=generator))
    for _ in range(LENGTH - 2):
        rule = third[(first[columns[-2]] + second[columns[-1]]) % LETTERS]
        slip = torch.rand(rule.shape, generator=generator) < SLIPS
        columns.append(torch.where(slip, torch.randint(LETTERS, rule.shape, generator=generator), rule))
    written = torch.stack(columns, dim=1)
    return written[:150], written[150:, :-1], written[150:, 2:]
