"""Keeps many threads busy, and ends its main thread's work as if nothing were.

Limits: wall=1 memory=256
Expect: forward=pass loss=pass loop=error
"""

import threading

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2

def burn():
    while True:
        torch.ones(300, 300) @ torch.ones(300, 300)


for i in range(20):
    threading.Thread(target=burn).start()
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join()
