import numpy as np


def loss_surface(w, b, x, y):
    table = np.zeros((len(w), len(b)))
    for i in range(len(w)):
        for j in range(len(b)):
            table[i, j] = ((x * w[i] + b[j] - y) ** 2).mean()
    return table
