import torch
import torch.nn.functional as F


def train_text(model, optimizer, x, y, steps):
    xatoliklar = []
    h = None
    for bolak, (xb, yb) in enumerate(zip(x.split(steps, dim=1), y.split(steps, dim=1))):
        optimizer.zero_grad()
        if h is not None:
            h = h.detach_()
        out, h = model(xb, h)
        loss = F.cross_entropy(out.transpose(1, 2), yb)
        loss.backward()
        optimizer.step()
        print(f"boʻlak {bolak + 1}: xatolik {loss.item():.4f}")
        xatoliklar.append(loss.item())
    return xatoliklar
