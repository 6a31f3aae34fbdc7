"""Functions whose gradient is asked for."""

import numpy as np


def gradient_of_a_wave(eval_numerical_gradient, x, frequency):
    # So steep that a one-sided difference is visibly off, and no element stands alone.
    weights = np.arange(1, x.size + 1).reshape(x.shape) / x.size
    return eval_numerical_gradient(lambda point: np.sin(frequency * (weights * point).sum()), x)


def moved_by(eval_numerical_gradient, x):
    """How far, in steps of 1e-5 counted from 1, the point is moved when the gradient has been returned."""
    before = x.copy()
    eval_numerical_gradient(lambda point: (point**2).sum(), x)
    return 1 + (x - before) / 1e-5
