import torch


def one_by_one(model, x):
    return torch.cat([model(student) for student in x.split(1)])
