import numpy as np


def train(x, y):
    w, b = 0.0, 0.0
    rate = ...
    # Gradient tushish / gradient descent

    def predict(x):
        return x * w + b

    return predict
