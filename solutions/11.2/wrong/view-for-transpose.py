import torch


def pointwise(x, w, b):
    n, c, height, width = x.shape
    y = x.reshape(n, height, width, c) @ w.T + b
    return y.reshape(n, -1, height, width)


def global_average(x):
    return x.mean(dim=(2, 3))
