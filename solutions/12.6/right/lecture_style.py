import torch
from torch import nn
from torch.autograd import Variable

criterion = nn.CrossEntropyLoss()


def train_text(model, optimizer, x, y, steps):
    losses = []
    hidden = None
    start = 0
    T = x.size(1)
    while start < T:
        end = min(start + steps, T)
        model.zero_grad()
        output, hidden = model(x[:, start:end], hidden)
        loss = 0
        for t in range(end - start):
            loss = loss + criterion(output[:, t], y[:, start + t])
        loss = loss / (end - start)
        loss.backward()
        optimizer.step()
        # Yangi Variable: eski grafdan uzilgan
        hidden = Variable(hidden.data)
        losses.append(loss.data.item())
        start = end
    return losses
