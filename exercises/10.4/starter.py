import numpy as np


def conv_gradients(x, w, dy):
    dx, dw, db = None, None, None
    # Har bir oyna oʻz hissasini qoʻshadi / each window adds its part
    return dx, dw, db


def max_pool(x, k): ...


def max_pool_gradient(x, k, dy): ...
