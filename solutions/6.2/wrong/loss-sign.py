import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def bce(z, y):
    p = sigmoid(z)
    return (y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


def gradient(z, y):
    return (sigmoid(z) - y) / len(z)
