import torch


def pool2d(X, pool_size, mode='max'):
    p_h, p_w = pool_size
    ...
