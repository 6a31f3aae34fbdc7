import torch


def grad_clipping(net, theta):
    gradients = [p.grad for p in net.parameters() if p.grad is not None]
    norm = torch.sqrt(sum((g**2).sum() for g in gradients))
    if norm > theta:
        for p in net.parameters():
            p.data *= theta / norm
