import torch


def grad_clipping(net, theta):
    gradients = [p.grad for p in net.parameters() if p.grad is not None]
    for g in gradients:
        norm = g.norm()
        if norm > theta:
            g *= theta / norm
