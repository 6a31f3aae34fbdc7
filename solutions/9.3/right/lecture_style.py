import torch
from torch import nn

criterion = nn.CrossEntropyLoss()


def batch_loss(model, x, y):
    output = model(x)
    loss = criterion(output, y)
    print("xatolik:", loss.item())
    return loss


def predict(model, x):
    with torch.no_grad():
        output = model(x)
        _, predicted = torch.max(output.data, 1)
    return predicted


def accuracy(model, x, y):
    correct = 0
    total = 0
    predicted = predict(model, x)
    total += y.size(0)
    correct += (predicted == y).sum().item()
    return correct / total
