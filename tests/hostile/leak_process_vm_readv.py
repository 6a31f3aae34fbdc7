"""Reads its parents' memory with process_vm_readv, through ctypes.

Expect: forward=fail loss=fail loop=fail
"""

import ctypes, os
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Part(ctypes.Structure):
    _fields_ = [("start", ctypes.c_void_p), ("size", ctypes.c_size_t)]


libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(4096)


def read(number, start):
    ours = Part(ctypes.addressof(buffer), 4096)
    theirs = Part(start, 4096)
    return libc.process_vm_readv(number, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0)


here = id(os) & ~4095
taken = [read(number, here) for number in (os.getppid(), *range(1, 200))]
assert max(taken) < 0, f"memory of another process was read: {buffer.raw[:100]}"


def forward(x):
    return float(max(taken))


def loss(y_pred, y):
    return float(max(taken))
