import torch


def rnn_step(x, prev_h, W_h, W_x):
    next_h = torch.tanh(torch.mm(W_h, prev_h.t()) + torch.mm(W_x, x.t()))
    # tanh baribir −1 va 1 orasida, lekin ishonch uchun
    next_h.clamp_(-1, 1)
    return next_h
