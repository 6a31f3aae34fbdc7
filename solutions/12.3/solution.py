import numpy as np


def gradients(X, y, W_x, W_h, b):
    states = [np.zeros(len(b))]
    for x in X:
        states.append(np.tanh(x @ W_x + states[-1] @ W_h + b))
    difference = states[-1] - y
    loss = (difference**2).mean()
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(b)
    dh = 2 * difference / len(y)
    for t in reversed(range(len(X))):
        dz = dh * (1 - states[t + 1] ** 2)
        dW_x += np.outer(X[t], dz)
        dW_h += np.outer(states[t], dz)
        db += dz
        dh = dz @ W_h.T
    return loss, dW_x, dW_h, db
