import numpy as np


def gradients(X, y, W_x, W_h, b):
    T, m = len(X), len(y)
    H = np.zeros((T + 1, m))
    for t in range(1, T + 1):
        H[t] = np.tanh(X[t - 1].dot(W_x) + H[t - 1].dot(W_h) + b)
    print("holatlar:")
    print(H)
    xato = H[T] - y
    loss = np.sum(xato * xato) / m
    # Har bir qadamning dz si; keyin bitta koʻpaytma
    dZ = np.zeros((T, m))
    dZ[-1] = 2 / m * xato * (1 - H[T] * H[T])
    for t in range(T - 2, -1, -1):
        dZ[t] = W_h.dot(dZ[t + 1]) * (1 - H[t + 1] * H[t + 1])
        print("qadam", t, "dz =", dZ[t])
    return loss, X.T.dot(dZ), H[:-1].T.dot(dZ), dZ.sum(axis=0)
