"""Leaves a debugger, faulthandler and tracemalloc on, to have tracebacks of the judge printed with their values.

Expect: forward=fail|error loss=fail|error loop=fail|error
"""

import faulthandler, sys, tracemalloc
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

tracemalloc.start(25)
faulthandler.enable()


def forward(x):
    frame = sys._getframe()
    while frame is not None:
        print({name: repr(value)[:2000] for name, value in frame.f_locals.items()})
        frame = frame.f_back
    faulthandler.dump_traceback()
    faulthandler._sigsegv()


def loss(y_pred, y):
    print(tracemalloc.take_snapshot().statistics("traceback")[:3])
    faulthandler._sigabrt()


if x_soat:
    forward(1.0)
