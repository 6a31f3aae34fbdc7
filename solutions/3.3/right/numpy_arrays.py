import numpy as np


def step(w, b, x_soat, y_baho, rate):
    x, y = np.array(x_soat), np.array(y_baho)
    xato = x * w + b - y
    yangi_w = w - rate * np.mean(2 * xato * x)
    yangi_b = b - rate * np.mean(2 * xato)
    return float(yangi_w), float(yangi_b)
