import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    cols = sliding_window_view(x_pad, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    out = np.tensordot(cols, w, ((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2) + b[:, None, None]
    return out, (x_pad, cols, w, s, p)


def conv_backward_naive(dout, cache):
    x_pad, cols, w, s, p = cache
    dw = np.tensordot(dout, cols, ((0, 2, 3), (0, 2, 3)))
    dx = np.zeros(x_pad.shape)
    H, W = dout.shape[2:]
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            dx[:, :, i:i + H * s:s, j:j + W * s:s] += np.tensordot(dout, w[:, :, i, j], (1, 0)).transpose(0, 3, 1, 2)
    if p:
        dx = dx[:, :, p:-p, p:-p]
    return dx, dw, np.einsum("nfhw->f", dout)
