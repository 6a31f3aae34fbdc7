import numpy as np


def loss_surface(w, b, x, y):
    y_pred = w[:, None, None] * x + b[None, :, None]
    return np.mean((y_pred - y) ** 2, axis=0)
