import numpy as np


def row_means(m):
    return m.sum(axis=1) / m.shape[1]
