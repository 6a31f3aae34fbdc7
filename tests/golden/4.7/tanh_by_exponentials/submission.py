import torch


def rnn_step(x, prev_h, W_h, W_x):
    s = W_h.mm(prev_h.t()) + W_x.mm(x.t())
    return (torch.exp(s) - torch.exp(-s)) / (torch.exp(s) + torch.exp(-s))
