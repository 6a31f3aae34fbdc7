import numpy as np


def nn_epoch(X, y, W1, W2, lr=0.1, batch=100):
    pass
