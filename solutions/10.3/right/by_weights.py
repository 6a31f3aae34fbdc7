import numpy as np


def conv2d(x, w, b, stride, padding):
    """Oyna emas, vazn boʻyicha sikl: har bir vazn suriladigan butun rasmga koʻpaytiriladi."""
    p = padding
    C, H, W = x.shape
    padded = np.zeros((C, H + 2 * p, W + 2 * p))
    padded[:, p : p + H, p : p + W] = x
    D, _, k, l = w.shape
    rows = (H + 2 * p - k + stride) // stride
    cols = (W + 2 * p - l + stride) // stride
    y = np.zeros((D, rows, cols)) + b.reshape(-1, 1, 1)
    for r in range(k):
        for s in range(l):
            part = padded[:, r : r + stride * (rows - 1) + 1 : stride, s : s + stride * (cols - 1) + 1 : stride]
            y += np.tensordot(w[:, :, r, s], part, axes=1)
    return y
