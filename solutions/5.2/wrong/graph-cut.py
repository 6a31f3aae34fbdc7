import torch


def batch_loss(model, x, y):
    with torch.no_grad():
        y_pred = model(x)
    return ((y_pred.view(-1) - y) ** 2).mean()
