import numpy as np


def word_embedding_forward(x, W):
    out, cache = None, None
    return out, cache


def word_embedding_backward(dout, cache):
    dW = None
    return dW
