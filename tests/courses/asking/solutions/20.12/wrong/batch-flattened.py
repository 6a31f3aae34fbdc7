import numpy as np


def word_embedding_forward(x, W):
    words = x.ravel()
    return W[words], (words, W.shape)


def word_embedding_backward(dout, cache):
    words, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, words, dout.reshape(len(words), -1))
    return dW
