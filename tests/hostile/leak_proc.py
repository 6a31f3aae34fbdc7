"""Reads all that /proc shows of itself and of others: maps, command lines, open files, mounts.

Expect: forward=fail loss=fail loop=fail
"""

import glob
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read(50_000)
    except OSError:
        return b""


NAMES = ("environ", "cmdline", "maps", "mountinfo", "status", "cgroup", "auxv", "fdinfo/3")
found = b"".join(read(f"/proc/{who}/{name}") for who in ("self", "thread-self", *range(1, 400)) for name in NAMES)
seen = glob.glob("/proc/*") + glob.glob("/proc/*/fd/*")
print(found, seen)
assert not found and not seen, "the box showed a process"


def forward(x):
    return len(found)


def loss(y_pred, y):
    return len(seen)
