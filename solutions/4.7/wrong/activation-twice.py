import torch


def rnn_step(x, prev_h, W_h, W_x):
    # avvalgi holatni ham tanh dan oʻtkazamiz
    prev_h = torch.tanh(prev_h)
    return torch.tanh(W_h @ prev_h.T + W_x @ x.T)
