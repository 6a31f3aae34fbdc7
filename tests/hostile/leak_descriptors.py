"""Looks through all descriptors for one that the fork server forgot to close, and reads or seeks in it.

Expect: forward=fail loss=fail loop=fail
"""

import os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def looked_at(descriptor):
    try:
        return descriptor, os.fstat(descriptor).st_mode
    except OSError:
        return None


found = [seen for seen in map(looked_at, range(4, 4096)) if seen]
print(found)
assert not found, "a descriptor was inherited"


def forward(x):
    return float(len(found))


def loss(y_pred, y):
    return float(len(found))
