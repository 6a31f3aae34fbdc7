import torch


def rnn_step(x, prev_h, W_h, W_x):
    # qator: 1 x 20
    return torch.tanh(prev_h @ W_h.T + x @ W_x.T)
