import numpy as np


def softmax_loss(x, y):
    N = len(y)
    rows = np.arange(N)
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[rows, y]).mean()
    dx = p.copy()
    dx[:, y] -= 1
    dx /= N
    return loss, dx
