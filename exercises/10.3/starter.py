import numpy as np


def conv2d(x, w, b, stride, padding):
    # Chetlar, oyna, yigʻindi / borders, window, sum
    ...
