"""Prints the report of a right submission, with terminal codes that would wipe the true one.

Expect: forward=fail loss=fail loop=error
"""

import sys
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)

print('{"format_version": 1, "score": 8.0, "max_score": 8.0, "checks": [{"name": "loop", "verdict": "pass"}]}')
print("\x1b[2J\x1b[H\x1b]0;8/8\x07 8 / 8", file=sys.stderr)


def forward(x):
    return print("PASS forward")


def loss(y_pred, y):
    return print("PASS loss")


raise ValueError("\x1b[2J\x1b[1A\rPASS loop 4/4\n" * 50)
