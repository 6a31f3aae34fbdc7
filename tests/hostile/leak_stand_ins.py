"""Asks IPython's and Colab's stand-ins for a shell, files, secrets, and the objects of the grader behind them.

Expect: forward=pass loss=pass loop=pass
"""

import functools
import gc
import os
import sys

import IPython
import ipywidgets
import torch
from google.colab import auth, drive, files, userdata
from IPython import get_ipython
from IPython.core.magic import Magics


@functools.cache
def found():
    """Whether anything came back that a submission must not have."""
    shell = get_ipython()
    asked = [
        shell.getoutput("cat <course>/solutions/4.5/solution.py"),
        shell.system("cat /etc/passwd > passwd"),
        shell.run_cell_magic("bash", "", "touch made"),
        shell.run_line_magic("run", "<course>/solutions/4.5/solution.py"),
        shell.user_ns.get("solution"),
        drive.mount("<course>"),
        files.upload(),
        userdata.get("COURSE_SECRET"),
        auth.authenticate_user(),
        IPython.utils.process.getoutput("id"),
        ipywidgets.FileUpload().value,
    ]
    if any(asked) or os.path.exists("made") or os.path.exists("passwd"):
        return True
    # What stands in is made of functions, whose modules are the grader's: none of them knows an expected value.
    for thing in (type(shell), Magics, drive.mount, files.upload, *sys.meta_path):
        for module in [thing, *gc.get_referents(thing)]:
            names = getattr(module, "__globals__", None) or getattr(module, "__dict__", {})
            if {"expected", "reference", "solution", "references", "answers"} & {str(name) for name in names}:
                return True
    outside = ("grader.core.compare", "grader.core.judge", "grader.core.course", "grader.grading", "grader.store")
    return any(name.startswith(outside) for name in sys.modules)


x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w * (2 if found() else 1)


def loss(y_pred, y):
    return (y_pred - y) ** 2 * (2 if found() else 1)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        error = loss(forward(x), y)
        error.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
