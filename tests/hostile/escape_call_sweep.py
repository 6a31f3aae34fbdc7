"""Tries every system call that makes, joins or commands something, with arguments that would do no harm.

Expect: forward=pass loss=pass loop=pass
"""

import ctypes
import functools
import platform

import torch


libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def call(number, *arguments):
    """Make a raw system call of x86-64; say whether it succeeded."""
    return platform.machine() == "x86_64" and libc.syscall(ctypes.c_long(number), *arguments) >= 0


@functools.cache
def escaped():

    # socketpair, acct, swapon, settimeofday, sethostname, reboot, quotactl, iopl, ioperm, adjtimex, clock_settime,
    # mbind, migrate_pages, move_pages, vmsplice, tee, splice, sendfile, process_madvise, epoll_create1, eventfd2,
    # signalfd4, timerfd_create, landlock_create_ruleset, copy_file_range, pkey_alloc, membarrier
    forbidden = (53, 163, 167, 164, 170, 169, 179, 172, 173, 159, 227, 237, 256, 279, 278, 276, 275, 40, 440, 291, 290, 289, 283, 444, 326, 330)
    return any([call(number, 0, 0, 0, 0, 0, 0) for number in forbidden])


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
