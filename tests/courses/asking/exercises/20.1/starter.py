import numpy as np


def eval_numerical_gradient(f, x):
    h = 1e-5
    ...
