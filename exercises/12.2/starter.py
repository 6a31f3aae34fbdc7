import numpy as np


def step(x, h, W_x, W_h, b):
    ...


def run(X, h0, W_x, W_h, b):
    ...
