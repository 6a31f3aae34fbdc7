"""Several steps on one optimizer, with two parameters."""

import torch


def after_each_step(Optimizer, starts, gradients, lr, **options):
    params = [torch.nn.Parameter(start.clone()) for start in starts]
    optimizer = Optimizer(params, lr=lr, **options)
    seen = []
    for step in gradients:
        for parameter, gradient in zip(params, step, strict=True):
            parameter.grad = gradient.clone()
        optimizer.step()
        seen.append(torch.stack([parameter.detach().clone() for parameter in params]))
    return seen


def one_without_gradient(Optimizer, starts, **options):
    params = [torch.nn.Parameter(start.clone()) for start in starts]
    params[0].grad = starts[1].clone()
    Optimizer(params, **options).step()
    return [parameter.detach() for parameter in params]


def after_zero_grad(Optimizer, starts, **options):
    """What the gradients are after a later backward pass: only its own, if the earlier ones are gone."""
    params = [torch.nn.Parameter(start.clone()) for start in starts]
    optimizer = Optimizer(params, **options)
    sum((parameter**2).sum() for parameter in params).backward()
    optimizer.zero_grad()
    sum((3 * parameter).sum() for parameter in params).backward()
    return [parameter.grad for parameter in params]
