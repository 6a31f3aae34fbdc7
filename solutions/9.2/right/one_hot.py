import numpy as np


def log_softmax(z):
    s = z - np.max(z, axis=-1, keepdims=True)
    return s - np.log(np.sum(np.exp(s), axis=-1, keepdims=True))


def softmax(z):
    return np.exp(log_softmax(z))


def cross_entropy(z, y):
    Y = np.eye(z.shape[1])[y]
    return -np.sum(Y * log_softmax(z)) / z.shape[0]
