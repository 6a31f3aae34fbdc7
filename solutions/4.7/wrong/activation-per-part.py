import torch


def rnn_step(x, prev_h, W_h, W_x):
    h2h = torch.tanh(torch.mm(W_h, prev_h.t()))
    i2h = torch.tanh(torch.mm(W_x, x.t()))
    return h2h + i2h
