import numpy as np


def loss_surface(w, b, x, y):
    y_pred = w[:, None, None] * x + b[None, :, None]
    return (y_pred - y).mean(axis=2) ** 2
