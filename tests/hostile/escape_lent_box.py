"""Asks a `course watch` of the same user for a copy of its box, with locks of its own choice.

Expect: forward=error loss=error loop=error
"""

import glob
import json
import os
import socket
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def asked(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking:
        asking.connect(path)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        socket.send_fds(asking, [json.dumps({"wanted": {}, "cores": [0]}).encode()], [theirs.fileno()])
        return asking.recv(100)


def forward(x):
    return asked(f"/run/user/{os.getuid()}/course-grader/0.sock")


def loss(y_pred, y):
    return asked("\0course-grader")


print([asked(path) for path in glob.glob("/run/user/*/course-grader/*.sock") or ["/run/user/1000/none.sock"]])
