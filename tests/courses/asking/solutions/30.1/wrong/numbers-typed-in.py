import numpy as np

X = np.array([[3.0, 0], [2, 0], [4, 1], [3, 0], [3, 1]])
y = np.array([127500.0, 106000, 178100, 140000, 152300])


def mean_price(slate):
    return y[X[:, 1] == slate].mean()
