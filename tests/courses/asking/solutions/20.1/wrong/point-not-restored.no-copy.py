import numpy as np


def eval_numerical_gradient(f, x):
    h = 1e-5
    grad = np.zeros_like(x)
    for ix in np.ndindex(x.shape):
        plus = x
        minus = x.copy()
        plus[ix] += h
        minus[ix] -= h
        grad[ix] = (f(plus) - f(minus)) / (2 * h)
    return grad
