"""Makes system calls by int 0x80, from machine code of its own: there, number 11 is execve and 2 is fork.

Expect: forward=pass|error loss=pass|error loop=pass|error
"""

import ctypes
import functools
import mmap
import platform
import threading

import torch


libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
told = []



def attempt():
    # mov eax, 20; int 0x80; ret: getpid of the 32-bit table.
    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    if function() > 0:
        told.append(True)


@functools.cache
def escaped():
    if platform.machine() == "x86_64":
        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        thread.join(0.5)
    return bool(told)


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
