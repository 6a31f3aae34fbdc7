import numpy as np


def loss_surface(w, b, x, y):
    W, B = np.meshgrid(w, b, indexing="ij")
    xato = W[..., np.newaxis] * x + B[..., np.newaxis] - y
    return np.sum(xato**2, axis=2) / len(x)
