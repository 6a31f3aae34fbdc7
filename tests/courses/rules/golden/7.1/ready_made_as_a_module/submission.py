from torch import nn

pool = nn.MaxPool2d(2)


def max_pool(x):
    return pool(x[None])[0]
