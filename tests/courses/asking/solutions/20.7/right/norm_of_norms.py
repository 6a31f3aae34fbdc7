import torch


def grad_clipping(net, theta):
    params = [p for p in net.parameters() if p.requires_grad and p.grad is not None]
    norms = torch.stack([p.grad.norm() for p in params])
    total = norms.norm().item()
    scale = min(1.0, theta / total)
    for param in params:
        param.grad[:] *= scale
