from torch import nn


def train_text(model, optimizer, x, y, steps):
    h, losses = None, []
    for start in range(0, x.shape[1], steps):
        logits, h = model(x[:, start : start + steps], h)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), y[:, start : start + steps].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        h = h.detach()
        losses.append(loss.item())
    return losses
