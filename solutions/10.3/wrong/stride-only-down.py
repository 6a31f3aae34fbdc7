import numpy as np


def conv2d(x, w, b, stride, padding):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    k, l = w.shape[2:]
    height = (x.shape[1] - k) // stride + 1
    width = (x.shape[2] - l) // stride + 1
    y = np.zeros((len(w), height, width))
    for i in range(height):
        for j in range(width):
            top, left = i * stride, j
            window = x[:, top : top + k, left : left + l]
            y[:, i, j] = (w * window).sum(axis=(1, 2, 3)) + b
    return y
