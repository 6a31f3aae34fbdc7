"""Returns a tensor that says another shape, size and requires_grad than it has.

Expect: forward=fail|error loss=fail|error loop=fail|error
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Liar(torch.Tensor):
    shape = property(lambda self: torch.Size([1]))
    requires_grad = property(lambda self: True)
    is_leaf = property(lambda self: True)
    grad_fn = property(lambda self: None)
    def numel(self):
        return 1
    def dim(self):
        return 1
    def size(self, *which):
        return torch.Size([1])


def forward(x):
    return torch.zeros(3, 3).as_subclass(Liar)


def loss(y_pred, y):
    return torch.zeros(3, 3).as_subclass(Liar)


for epoch in range(30):
    torch.autograd.backward(torch.zeros(1).as_subclass(Liar))
