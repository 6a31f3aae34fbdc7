import torch


def train_step(model, criterion, optimizer, x, y):
    model.train()
    for p in model.parameters():
        p.grad = None
    with torch.enable_grad():
        error = criterion(model.forward(x), y)
    torch.autograd.backward(error)
    optimizer.step()
    return error.detach().numpy().item()
