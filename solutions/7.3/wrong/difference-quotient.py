import numpy as np


def mse(X, Y, W1, W2):
    return ((np.maximum(X @ W1, 0) @ W2 - Y) ** 2).mean()


def numeric(f, W):
    h = 1e-5
    gradient = np.zeros_like(W)
    for place in np.ndindex(W.shape):
        aside = np.zeros_like(W)
        aside[place] = h
        gradient[place] = (f(W + aside) - f(W - aside)) / (2 * h)
    return gradient


def gradients(X, Y, W1, W2):
    dW1 = numeric(lambda W: mse(X, Y, W, W2), W1)
    dW2 = numeric(lambda W: mse(X, Y, W1, W), W2)
    return mse(X, Y, W1, W2), dW1, dW2
