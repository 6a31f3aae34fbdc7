import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    out = None
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout, cache):
    dx, dw, db = None, None, None
    return dx, dw, db
