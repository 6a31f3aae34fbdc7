"""Reads its parents' memory through /proc/PID/mem.

Expect: forward=fail loss=fail loop=fail
"""

import os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def read(number):
    try:
        with open(f"/proc/{number}/maps") as maps:
            starts = [int(line.split("-")[0], 16) for line in maps if " r" in line]
        with open(f"/proc/{number}/mem", "rb", 0) as memory:
            return [os.pread(memory.fileno(), 1 << 16, start) for start in starts[:500]]
    except OSError:
        return []


found = [part for number in (os.getppid(), 1, *range(2, 60)) for part in read(number) if b"sir" in part]
print(found)


def forward(x):
    return float(len(found))


def loss(y_pred, y):
    return float(len(found))
