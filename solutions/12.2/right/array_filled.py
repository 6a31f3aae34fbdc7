import numpy as np


def step(x, h, W_x, W_h, b):
    a = np.dot(x, W_x)
    c = np.dot(h, W_h)
    z = a + c + b
    yangi_h = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    print("holat:", yangi_h)
    return yangi_h


def run(X, h0, W_x, W_h, b):
    T = X.shape[0]
    N = X.shape[1]
    m = W_h.shape[0]
    H = np.zeros((T, N, m))
    for t in range(T):
        print("qadam", t)
        if t == 0:
            H[t] = step(X[t], h0, W_x, W_h, b)
        else:
            H[t] = step(X[t], H[t - 1], W_x, W_h, b)
    return H
