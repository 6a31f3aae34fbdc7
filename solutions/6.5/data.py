"""Who passes an exam, by hours and exercises. Every seed turns and moves the line between the classes."""

import math

import torch


def exams(seed):
    generator = torch.Generator().manual_seed(seed)
    angle, start, side = torch.rand(3, generator=generator)
    x = torch.randn(280, 2, generator=generator)
    around = 2 * math.pi * float(angle)
    logit = 3 * (math.cos(around) * x[:, 0] + math.sin(around) * x[:, 1]) + (1 + float(start)) * (1 if side < 0.5 else -1)
    y = (torch.rand(280, generator=generator) < torch.sigmoid(logit)).long()
    return x[:80], y[:80], x[80:], y[80:]
