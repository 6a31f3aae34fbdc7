import numpy as np


def row_means(m):
    return m @ np.full(m.shape[1], 1 / m.shape[1])


for row in [[1.0, 2.0]]:
    print(row_means(np.array([row])), np.mean(row))
