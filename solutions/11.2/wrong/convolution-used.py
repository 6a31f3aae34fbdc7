import torch


def pointwise(x, w, b):
    return torch.nn.functional.conv2d(x, w[:, :, None, None], b)


def global_average(x):
    return x.mean(dim=(2, 3))
