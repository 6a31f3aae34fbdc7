import numpy as np


def gradients(X, Y, W1, W2):
    H = np.maximum(X @ W1, 0)
    difference = H @ W2 - Y
    loss = np.mean(difference**2)
    dY = 2 * difference / difference.size
    dW2 = H.T @ dY
    dH = dY @ W2.T
    dW1 = X.T @ np.maximum(dH, 0)
    return loss, dW1, dW2
