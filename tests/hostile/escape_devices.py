"""Opens devices: memory, kernel log, terminals, disks, fuse, kvm, GPUs; and writes to those it may read.

Expect: forward=pass loss=pass loop=pass
"""

import functools
import glob
import os

import torch


@functools.cache
def escaped():
    allowed = {"/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/dev/full"}
    names = {"/dev/mem", "/dev/kmem", "/dev/kmsg", "/dev/tty", "/dev/ptmx", "/dev/console", "/dev/fuse", "/dev/kvm", "/dev/sda", "/dev/vda", "/dev/loop-control", "/dev/net/tun", "/dev/nvidiactl", "/dev/userfaultfd"}
    opened = []
    for path in (names | set(glob.glob("/dev/*"))) - allowed:
        try:
            opened.append(os.open(path, os.O_RDWR | os.O_NONBLOCK))
        except OSError:
            pass
    for path in ("/dev/urandom", "/dev/zero", "/dev/null"):
        try:
            opened.append(os.open(path, os.O_WRONLY))
        except OSError:
            pass
    return bool(opened)


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
