# 7.3: transposed, operand-order, transpose-forgotten
import numpy as np


def gradients(X, Y, W1, W2):
    Z = np.dot(X, W1)
    H = np.maximum(0, Z)
    Y_hat = np.dot(H, W2)
    loss = np.mean((Y_hat - Y) ** 2)
    dY = 2 * (Y_hat - Y) / Y.size
    dW2 = np.dot(H, dY)
    dH = np.dot(dY, W2.T)
    dH[Z <= 0] = 0
    dW1 = np.dot(X.T, dH)
    return loss, dW1, dW2
