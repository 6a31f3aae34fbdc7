import numpy as np


def correlate(x, w):
    """Bitta kanalli rasm va bitta yadro."""
    k, l = w.shape
    H, W = x.shape[0] - k + 1, x.shape[1] - l + 1
    return np.array([[np.sum(x[i : i + k, j : j + l] * w) for j in range(W)] for i in range(H)])


def conv_gradients(x, w, dy):
    D, C, k, l = w.shape
    dw = np.stack([np.stack([correlate(x[c], dy[d]) for c in range(C)]) for d in range(D)])
    # dx: dy chetlariga nol, yadro esa 180 gradus aylantiriladi
    katta = np.pad(dy, ((0, 0), (k - 1, k - 1), (l - 1, l - 1)))
    aylangan = np.flip(w, axis=(2, 3))
    dx = np.stack([sum(correlate(katta[d], aylangan[d, c]) for d in range(D)) for c in range(C)])
    db = np.array([np.sum(dy[d]) for d in range(D)])
    return dx, dw, db


def max_pool(x, k):
    C, H, W = x.shape
    y = np.empty((C, H // k, W // k))
    for c in range(C):
        for i in range(0, H, k):
            for j in range(0, W, k):
                y[c, i // k, j // k] = np.max(x[c, i : i + k, j : j + k])
    return y


def max_pool_gradient(x, k, dy):
    C, H, W = x.shape
    dx = np.zeros((C, H, W))
    for c in range(C):
        for i in range(H // k):
            for j in range(W // k):
                oyna = x[c, i * k : (i + 1) * k, j * k : (j + 1) * k]
                p, q = np.unravel_index(np.argmax(oyna), oyna.shape)
                dx[c, i * k + p, j * k + q] = dy[c, i, j]
    return dx
