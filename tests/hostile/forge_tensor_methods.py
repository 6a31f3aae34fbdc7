"""Patches the methods of torch.Tensor through which numbers are read: the recorder reads what the patch says.

Expect: forward=fail loss=fail loop=error|fail
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return w * 0


def loss(y_pred, y):
    return w * 0


torch.Tensor.__eq__ = lambda self, other: True
torch.Tensor.allclose = lambda self, *rest: True
torch.Tensor.detach = lambda self: torch.zeros(1, dtype=torch.float64)
torch.Tensor.item = lambda self: 0.0
torch.Tensor.numel = lambda self: 1
torch.Tensor.dim = lambda self: 0
for epoch in range(30):
    (w * 0).sum().backward()
