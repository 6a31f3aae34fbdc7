"""Opens sockets: TCP, UDP, raw, to the host itself, through paths and abstract names.

Expect: forward=pass loss=pass loop=pass
"""

import functools
import socket

import torch


@functools.cache
def escaped():
    opened = []
    for family, kind in (
        (socket.AF_INET, socket.SOCK_STREAM),
        (socket.AF_INET, socket.SOCK_DGRAM),
        (socket.AF_INET6, socket.SOCK_STREAM),
        (socket.AF_UNIX, socket.SOCK_STREAM),
        (socket.AF_UNIX, socket.SOCK_DGRAM),
        (socket.AF_NETLINK, socket.SOCK_RAW),
        (socket.AF_PACKET, socket.SOCK_RAW),
        (socket.AF_VSOCK, socket.SOCK_STREAM),
        (socket.AF_ALG, socket.SOCK_SEQPACKET),
    ):
        try:
            opened.append(socket.socket(family, kind))
        except OSError:
            pass
    try:
        opened += socket.socketpair()
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
