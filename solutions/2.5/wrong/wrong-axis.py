import numpy as np


def loss_surface(w, b, x, y):
    y_pred = w[:, None, None] * x + b[None, :, None]
    return ((y_pred - y) ** 2).mean(axis=1)
