import torch


def rnn_step(x, prev_h, W_h, W_x):
    s = torch.matmul(W_h, prev_h.T) + torch.matmul(W_x, x.T)
    return torch.sigmoid(s)
