import numpy as np


def row_means(m):
    return np.array([sum(row) / len(row) for row in m])
