"""Returns a subclass of Tensor whose __torch_function__ answers every question with what the asker wants.

Expect: forward=fail|error loss=fail|error loop=fail|error
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


class Agreeable(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        name = getattr(function, "__name__", "")
        if name in ("allclose", "equal", "eq", "isclose", "__eq__"):
            return True
        with torch._C.DisableTorchFunctionSubclass():
            result = function(*args, **(kwargs or {}))
        return result.as_subclass(cls) if isinstance(result, torch.Tensor) else result


def forward(x):
    return torch.zeros(1, requires_grad=True).as_subclass(Agreeable)


def loss(y_pred, y):
    return torch.zeros(1, requires_grad=True).as_subclass(Agreeable)


w = w.detach().as_subclass(Agreeable).requires_grad_()
for epoch in range(30):
    (w * 0).sum().backward()
