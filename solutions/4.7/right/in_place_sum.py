import torch


def rnn_step(x, prev_h, W_h, W_x):
    s = torch.matmul(W_h, prev_h.transpose(0, 1))
    s += torch.matmul(W_x, x.transpose(0, 1))
    return s.tanh_()
