import numpy as np


def eval_numerical_gradient(f, x):
    h = 1e-5
    grad = np.zeros_like(x)
    for ix in np.ndindex(x.shape):
        grad[ix] = (f(x + h) - f(x - h)) / (2 * h)
    return grad
