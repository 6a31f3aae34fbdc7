import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def bce(z, y):
    return -(y * np.log(z) + (1 - y) * np.log(1 - z)).mean()


def gradient(z, y):
    return (z - y) / len(z)
