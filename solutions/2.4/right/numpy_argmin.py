import numpy as np


def search(w_list, x_soat, y_baho):
    w, x, y = np.array(w_list), np.array(x_soat), np.array(y_baho)
    losses = ((w[:, None] * x - y) ** 2).mean(axis=1)
    return w_list[int(losses.argmin())], losses.tolist()
