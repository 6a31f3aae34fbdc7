import numpy as np


def loss_surface(w, b, x, y):
    qoldiq = np.multiply.outer(w, x)[:, None] - (y - b[:, None])[None]
    return np.einsum("ijk,ijk->ij", qoldiq, qoldiq) / x.shape[0]
