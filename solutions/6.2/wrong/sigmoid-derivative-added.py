import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def bce(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def gradient(z, y):
    p = sigmoid(z)
    return (p - y) * p * (1 - p) / len(y)
