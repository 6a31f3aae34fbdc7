import torch


def rnn_step(x, prev_h, W_h, W_x):
    ustun = W_h @ prev_h.T
    qator = x @ W_x.T
    return torch.tanh(ustun + qator)
