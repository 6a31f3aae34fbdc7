"""Attaches to its parents with ptrace, to stop them and to read their registers.

Expect: forward=fail loss=fail loop=fail
"""

import ctypes, os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

libc = ctypes.CDLL(None, use_errno=True)
ATTACH, SEIZE, TRACEME = 16, 0x4206, 0
tried = [libc.ptrace(how, number, None, None) for how in (ATTACH, SEIZE) for number in (os.getppid(), *range(1, 100))]
tried.append(libc.ptrace(TRACEME, 0, None, None))
assert max(tried) < 0, "another process was traced"


def forward(x):
    return float(max(tried))


def loss(y_pred, y):
    return float(max(tried))
