import torch


def rnn_step(x, prev_h, W_h, W_x):
    i2h = torch.mm(W_x, x)
    h2h = torch.mm(W_h, prev_h)
    return (h2h + i2h).tanh()
