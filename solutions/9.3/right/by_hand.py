import torch


def batch_loss(model, x, y):
    log_p = torch.log_softmax(model(x), dim=1)
    return -log_p[torch.arange(len(y)), y].mean()


def predict(model, x):
    p = torch.softmax(model(x), dim=-1)
    return torch.tensor([int(satr.argmax()) for satr in p])


def accuracy(model, x, y):
    return sum(a == b for a, b in zip(predict(model, x).tolist(), y.tolist())) / len(y)
