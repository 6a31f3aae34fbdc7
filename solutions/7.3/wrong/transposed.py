import numpy as np


def gradients(X, Y, W1, W2):
    H = np.maximum(X @ W1, 0)
    difference = H @ W2 - Y
    loss = np.mean(difference**2)
    dY = 2 * difference / difference.size
    dW2 = dY.T @ H
    dW1 = ((dY @ W2.T) * (H > 0)).T @ X
    return loss, dW1, dW2
