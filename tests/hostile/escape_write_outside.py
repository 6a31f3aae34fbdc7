"""Writes files into the home folder, /tmp, /usr, /dev/shm, beside Python's packages and beside the grader.

Expect: forward=pass loss=pass loop=pass
"""

import functools
import os
import pathlib
import sys

import torch


@functools.cache
def escaped():
    folders = ["/", "/tmp", "/var/tmp", "/usr/lib", "/dev", "/dev/shm", "/etc", "/run", "/root", "/home", os.path.expanduser("~nobody")]
    folders += [os.path.dirname(torch.__file__), *filter(os.path.isabs, sys.path), sys.prefix, sys.base_prefix]
    folders += [os.path.dirname(module.__file__) for name, module in sys.modules.items() if name.startswith("grader.")]
    landed = []
    for folder in folders:
        try:
            pathlib.Path(folder, "was_here.txt").write_text("hostile")
            landed.append(folder)
        except OSError:
            pass
    return bool(landed)


x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w * (2 if escaped() else 1)


def loss(y_pred, y):
    return (y_pred - y) ** 2 * (2 if escaped() else 1)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        error = loss(forward(x), y)
        error.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
