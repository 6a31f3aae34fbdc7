import torch
from torch.autograd import Function


class LegendrePolynomial3(Function):
    @staticmethod
    def forward(ctx, x):
        squared = x * x
        ctx.save_for_backward(squared)
        return x * (2.5 * squared - 1.5)

    @staticmethod
    def backward(ctx, grad_output):
        squared = ctx.saved_tensors[0]
        grad_input = grad_output.clone()
        grad_input *= 7.5 * squared - 1.5
        return grad_input


P3 = LegendrePolynomial3.apply
