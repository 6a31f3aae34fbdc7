import torch


def rnn_step(prev_h, x, W_h, W_x):
    return torch.tanh(torch.mm(W_h, prev_h.t()) + torch.mm(W_x, x.t()))
