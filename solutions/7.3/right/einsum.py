import numpy as np


def gradients(X, Y, W1, W2):
    Z = np.einsum("ni,ih->nh", X, W1)
    mask = (Z > 0).astype(float)
    H = Z * mask
    R = np.einsum("nh,hm->nm", H, W2) - Y
    count = R.shape[0] * R.shape[1]
    dW2 = np.einsum("nh,nm->hm", H, R) * 2 / count
    dW1 = np.einsum("ni,nm,hm,nh->ih", X, R, W2, mask) * 2 / count
    return np.sum(R * R) / count, dW1, dW2
