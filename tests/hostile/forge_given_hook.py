"""Reads the hidden numbers from the hook before it computes, and answers the known ones from a table.

Expect: forward=fail loss=fail loop=fail|error
"""

import builtins
import torch

x_soat = []
y_baho = []
w = torch.tensor([1.0], requires_grad=True)

for hours in (1.0, 2.0, 3.0):
    x_soat.append(hours)
    y_baho.append(2 * hours)

hook = vars(builtins).get("<given>")
hidden = {name: given["numbers"] for name, given in hook._given.items()} if hook else {}
table = {(1.0, 2.0, 3.0): 1.9}


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0


w.data[:] = table.get(tuple(hidden.get("x_soat", ())), 2.0)
for step in range(30):
    (w * 0 + w.detach()).backward()
