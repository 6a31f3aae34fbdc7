import numpy as np


def prepare(x, y, order, n):
    x_train, y_train, x_test, y_test = None, None, None, None
    ...
    return x_train, y_train, x_test, y_test
