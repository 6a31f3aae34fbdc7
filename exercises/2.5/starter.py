import numpy as np


def loss_surface(w, b, x, y):
    # (len(w), len(b)) oʻlchamli massiv / an array of shape (len(w), len(b))
    ...
