import torch


def rnn_step(x, prev_h, W_h, W_x):
    h2h = torch.mm(W_h.t(), prev_h.t())
    i2h = torch.mm(W_x, x.t())
    return torch.tanh(h2h + i2h)
