import numpy as np


def conv2d(x, w, b, stride, padding):
    D, C, k, l = w.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    H2 = (x.shape[1] - k) // stride + 1
    W2 = (x.shape[2] - l) // stride + 1
    y = np.zeros((D, H2, W2))
    for d in range(D):
        for i in range(H2):
            for j in range(W2):
                for c in range(C):
                    oyna = x[c, i * stride : i * stride + k, j * stride : j * stride + l]
                    y[d, i, j] += np.sum(oyna * w[d, c]) + b[d]
    return y
