"""Asks the system what is mounted and where, and looks for the course through it.

Expect: forward=fail loss=fail loop=fail
"""

import ctypes, os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


found = "".join(map(read, ("/proc/mounts", "/proc/self/mountinfo", "/etc/fstab", "/etc/mtab", "/proc/partitions")))
libc = ctypes.CDLL(None, use_errno=True)
mounted = [libc.mount(b"proc", b"/scratch", b"proc", 0, None), libc.syscall(428, -100, b"/", 1), libc.unshare(0x20000)]
print(found, mounted)
assert not found and max(mounted) < 0


def forward(x):
    return len(found)


def loss(y_pred, y):
    return max(mounted)
