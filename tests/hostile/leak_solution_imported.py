"""Imports the solution as a module by its path, and offers its functions as its own.

Expect: forward=fail|error loss=fail|error loop=error
"""

import importlib.util, runpy, sys
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def solution():
    spec = importlib.util.spec_from_file_location("solution", "<course>/solutions/4.5/solution.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def forward(x):
    return solution().forward(x)


def loss(y_pred, y):
    return solution().loss(y_pred, y)


sys.path.insert(0, "<course>/solutions/4.5")
runpy.run_path("<course>/solutions/4.5/solution.py")
