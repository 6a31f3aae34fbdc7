import numpy as np


def loss_surface(w, b, x, y):
    xw = np.outer(w, x)  # (w, talaba)
    y_pred = xw[:, np.newaxis, :] + b.reshape(1, -1, 1)
    print(y_pred.shape)
    return np.mean(np.square(y_pred - y), axis=-1)
