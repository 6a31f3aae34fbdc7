import numpy as np


def loss_surface(w, b, x, y):
    predictions = w[:, None, None] * x + b[None, :, None]
    return ((predictions - y) ** 2).mean(axis=2)
