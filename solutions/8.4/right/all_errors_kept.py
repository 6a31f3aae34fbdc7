import torch


def train_epoch(model, loader, optimizer):
    xatolar = []
    for x, y in loader:
        optimizer.zero_grad()
        e = (model(x) - y) ** 2
        e.mean().backward()
        optimizer.step()
        xatolar.append(e.detach())
    return float(torch.cat(xatolar).mean())
