import numpy as np


def softmax_loss(x, y):
    loss, dx = 0.0, None
    return loss, dx
