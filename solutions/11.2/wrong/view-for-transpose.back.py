import torch


def pointwise(x, w, b):
    n, _, height, width = x.shape
    y = x.permute(0, 2, 3, 1) @ w.T + b
    return y.reshape(n, -1, height, width)


def global_average(x):
    return x.mean(dim=(2, 3))
