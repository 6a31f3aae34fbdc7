import numpy as np


def nn_epoch(X, y, W1, W2, lr=0.1, batch=100):
    d1, d2 = np.zeros(W1.shape), np.zeros(W2.shape)
    for n, (x, label) in enumerate(zip(X, y), 1):
        z = x @ W1
        h = np.where(z > 0, z, 0)
        e = np.exp(h @ W2)
        error = e / e.sum()
        error[label] -= 1
        d2 += np.outer(h, error)
        d1 += np.outer(x, (W2 @ error) * (z > 0))
        if n % batch == 0:
            W1 -= lr * d1 / batch
            W2 -= lr * d2 / batch
            d1[:], d2[:] = 0, 0
