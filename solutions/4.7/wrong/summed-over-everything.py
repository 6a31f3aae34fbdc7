import torch


def rnn_step(x, prev_h, W_h, W_x):
    h2h = (W_h * prev_h).sum()
    i2h = (W_x * x).sum()
    return torch.tanh(h2h + i2h)
