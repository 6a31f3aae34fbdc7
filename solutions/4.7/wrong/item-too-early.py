import torch


def rnn_step(x, prev_h, W_h, W_x):
    next_h = torch.tanh(W_h @ prev_h.T + W_x @ x.T)
    return next_h.item()
