import math


def grad_clipping(net, theta):
    total = 0.0
    for name, p in net.named_parameters():
        if p.grad is None:
            continue
        total += p.grad.data.pow(2).sum().item()
    norm = math.sqrt(total)
    if norm <= theta:
        return
    for p in net.parameters():
        if p.grad is not None:
            p.grad = p.grad.data / norm * theta
