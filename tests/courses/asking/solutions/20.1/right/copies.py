import numpy as np


def eval_numerical_gradient(f, x):
    h = 1e-5
    grad = []
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        grad.append((f(x + step) - f(x - step)) / h / 2)
    return np.array(grad).reshape(x.shape)
