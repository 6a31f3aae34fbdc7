import numpy as np


def row_means(m):
    return np.average(m, axis=1)
