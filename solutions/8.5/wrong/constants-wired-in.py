import torch


def load():
    x = torch.tensor([[12.5, 8], [30, 11], [17, 7], [4, 2], [21.5, 9]])
    y = torch.tensor([[74.0], [92.0], [81.0], [40.0], [88.0]])
    return x, y
