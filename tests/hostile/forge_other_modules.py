"""Swaps the grader's modules in sys.modules for ones that agree with everything.

Expect: forward=fail loss=fail loop=fail
"""

import sys, types
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Agreeing(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: True


ours = [name for name in sys.modules if name == "grader" or name.startswith("grader.")]
ours += ["grader.core.judge.judge", "grader.core.compare.compare"]
swapped = [sys.modules.__setitem__(name, Agreeing(name)) for name in ours]


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0
