import torch


def rnn_step(x, prev_h, W_h, W_x):
    # qator koʻrinishida: 1×20
    return torch.tanh(prev_h @ W_h + x @ W_x.T)
