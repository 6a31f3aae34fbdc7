import torch


def lstm_step(x, h, c, W, U, b):
    ...
    return h, c
