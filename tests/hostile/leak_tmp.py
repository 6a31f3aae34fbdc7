"""Looks for what siblings and the judge leave in temporary folders and in shared memory.

Expect: forward=fail loss=fail loop=fail
"""

import os, sys
import grader
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

# Python and this package may lie anywhere, and have to be read.
ALLOWED = (os.path.dirname(grader.__file__), sys.prefix, sys.base_prefix)


def walk(top):
    found = [os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names]
    return [path for path in found if not path.startswith(ALLOWED)]


found = [path for top in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/scratch", "/home", "/mnt", "/srv") for path in walk(top)]
print(found)
assert not found, "the box shows files of others"


def forward(x):
    return found


def loss(y_pred, y):
    return found
