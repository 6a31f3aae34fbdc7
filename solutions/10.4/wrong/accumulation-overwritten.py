import numpy as np


def conv_gradients(x, w, dy):
    k, l = w.shape[2:]
    dx = np.zeros_like(x)
    dw = np.zeros_like(w)
    for d, i, j in np.ndindex(*dy.shape):
        dw[d] = dy[d, i, j] * x[:, i : i + k, j : j + l]
        dx[:, i : i + k, j : j + l] += dy[d, i, j] * w[d]
    db = dy.sum(axis=(1, 2))
    return dx, dw, db


def windows(x, k):
    channels, height, width = x.shape
    return x.reshape(channels, height // k, k, width // k, k)


def max_pool(x, k):
    return windows(x, k).max(axis=(2, 4))


def max_pool_gradient(x, k, dy):
    largest = windows(x, k) == max_pool(x, k)[:, :, None, :, None]
    return (largest * dy[:, :, None, :, None]).reshape(x.shape)
