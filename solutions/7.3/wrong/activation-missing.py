import numpy as np


def gradients(X, Y, W1, W2):
    H = X @ W1
    difference = H @ W2 - Y
    loss = np.mean(difference**2)
    dY = 2 * difference / difference.size
    dW2 = H.T @ dY
    dW1 = X.T @ (dY @ W2.T)
    return loss, dW1, dW2
