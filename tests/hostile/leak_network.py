"""Sends what it was asked to a host outside, and asks the cloud's metadata service for keys.

Expect: forward=error loss=error loop=error
"""

import socket
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def call(address, port):
    with socket.create_connection((address, port), timeout=2) as outside:
        outside.sendall(b"GET /latest/meta-data/ HTTP/1.0\r\n\r\n")
        return outside.recv(1000)


def forward(x):
    return call("169.254.169.254", 80)


def loss(y_pred, y):
    return socket.socketpair()


print(call("127.0.0.1", 22))
