import numpy as np


def nn_epoch(X, y, W1, W2, lr=0.1, batch=100):
    for start in range(0, len(X), batch):
        x, labels = X[start : start + batch], y[start : start + batch]
        hidden = np.maximum(x @ W1, 0)
        p = np.exp(hidden @ W2)
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(batch), labels] -= 1
        into_hidden = p @ W2.T
        W2 -= lr / batch * (hidden.T @ p)
        W1 -= lr / batch * (x.T @ into_hidden)
