# 12.6: state-not-detached
import torch
import torch.nn as nn


def train_text(model, optimizer, x, y, steps):
    criterion = nn.CrossEntropyLoss()
    h = None
    history = []
    for t in range(0, x.size(1), steps):
        xb = x[:, t:t + steps]
        yb = y[:, t:t + steps]
        out, h = model(xb, h)
        loss = criterion(out.reshape(-1, out.size(2)), yb.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history
