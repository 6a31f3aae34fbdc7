import torch


def fit(model, x, y, epochs, lr):
    losses = []
    while len(losses) < epochs:
        loss = ((model(x) - y) ** 2).mean()
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
    return losses
