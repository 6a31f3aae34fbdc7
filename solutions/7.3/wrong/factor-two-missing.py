import numpy as np


def gradients(X, Y, W1, W2):
    H = np.maximum(X @ W1, 0)
    difference = H @ W2 - Y
    loss = np.mean(difference**2)
    dY = difference / difference.size
    dW2 = H.T @ dY
    dW1 = X.T @ ((dY @ W2.T) * (H > 0))
    return loss, dW1, dW2
