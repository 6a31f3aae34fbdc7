import torch


class SquaredError(torch.autograd.Function):
    """The square, with its derivative written by hand."""

    @staticmethod
    def forward(ctx, difference):
        ctx.save_for_backward(difference)
        return difference * difference

    @staticmethod
    def backward(ctx, from_above):
        (difference,) = ctx.saved_tensors
        return 2 * difference * from_above


x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return SquaredError.apply(y_pred - y)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
