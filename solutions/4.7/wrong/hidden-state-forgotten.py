import torch


def rnn_step(x, prev_h, W_h, W_x):
    next_h = torch.tanh(torch.mm(W_x, x.t()))
    return next_h
