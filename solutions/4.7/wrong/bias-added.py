import torch


def rnn_step(x, prev_h, W_h, W_x):
    b = torch.ones(20, 1)
    return torch.tanh(W_h @ prev_h.T + W_x @ x.T + b)
