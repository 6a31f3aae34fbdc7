import torch


def rnn_step(x, prev_h, W_h, W_x):
    h2h = torch.mm(W_h, prev_h.t())
    i2h = torch.mm(W_x, x.t())
    next_h = h2h + i2h
    return next_h
