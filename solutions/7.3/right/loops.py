import numpy as np


def gradients(X, Y, W1, W2):
    N, m = Y.shape
    dW1, dW2 = np.zeros(W1.shape), np.zeros(W2.shape)
    loss = 0
    for i in range(N):
        z = X[i] @ W1
        h = np.where(z > 0, z, 0)
        xato = h @ W2 - Y[i]
        loss += np.sum(xato**2) / (N * m)
        yuqoridan = 2 * xato / (N * m)
        dW2 += np.outer(h, yuqoridan)
        dh = W2 @ yuqoridan
        dh[z <= 0] = 0
        dW1 += np.outer(X[i], dh)
    return loss, dW1, dW2
