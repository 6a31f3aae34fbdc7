import numpy as np


def loss_surface(w, b, x, y):
    y_pred = w[:, None, None] * x + np.zeros((1, len(b), 1))
    return ((y_pred - y) ** 2).mean(axis=2)
