import torch


def rnn_step(x, prev_h, W_h, W_x):
    next_h = W_h @ prev_h.T + W_x @ x.T
    next_h.tanh()
    return next_h
