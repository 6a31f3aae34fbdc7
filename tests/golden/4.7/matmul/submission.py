import torch


def rnn_step(x, prev_h, W_h, W_x):
    h2h = torch.matmul(W_h, prev_h.transpose(0, 1))
    i2h = torch.matmul(W_x, x.transpose(0, 1))
    next_h = h2h + i2h
    return next_h.tanh()
