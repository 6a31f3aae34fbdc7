import numpy as np


def conv2d(x, w, b, stride, padding):
    C, H, W = x.shape
    D, _, k, l = w.shape
    katta = np.zeros((C, H + 2 * padding, W + 2 * padding))
    for c in range(C):
        for i in range(H):
            for j in range(W):
                katta[c][i + padding][j + padding] = x[c][i][j]

    H2 = int((H + 2 * padding - k) / stride) + 1
    W2 = int((W + 2 * padding - l) / stride) + 1
    print("natija oʻlchami:", D, H2, W2)
    natija = np.zeros((D, H2, W2))
    for d in range(D):
        for i in range(H2):
            for j in range(W2):
                s = b[d]
                for c in range(C):
                    for p in range(k):
                        for q in range(l):
                            s += katta[c, i * stride + p, j * stride + q] * w[d, c, p, q]
                natija[d, i, j] = s
    print(natija)
    return natija
