"""Climbs out of its folder by relative paths, symbolic links and the grader's own folder.

Expect: forward=fail|error loss=fail|error loop=error
"""

import os
import grader
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

beside = os.path.join(os.path.dirname(os.path.dirname(grader.__file__)), "solutions", "4.5", "solution.py")
above = "../" * 20 + "<course>"[1:] + "/solutions/4.5/solution.py"


def read(path):
    with open(path) as file:
        return file.read()


def forward(x):
    names = {}
    exec(read(beside), names)
    return names["forward"](x)


def loss(y_pred, y):
    os.symlink("<course>/solutions", "solutions")
    names = {}
    exec(read("solutions/4.5/solution.py"), names)
    return names["loss"](y_pred, y)


exec(read(above))
