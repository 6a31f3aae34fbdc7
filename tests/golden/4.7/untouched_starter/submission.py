import torch


def rnn_step(x, prev_h, W_h, W_x):
    # tanh(W_h · prev_hᵀ + W_x · xᵀ)
    ...
