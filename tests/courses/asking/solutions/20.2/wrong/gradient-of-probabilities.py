import numpy as np


def softmax_loss(x, y):
    N = len(y)
    rows = np.arange(N)
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[rows, y]).mean()
    dx = -p[rows, y][:, None] * p
    dx[rows, y] += p[rows, y]
    dx /= N
    return loss, dx
