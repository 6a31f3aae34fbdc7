import torch


def lstm_step(x, h, c, W, U, b):
    i, f, g, o = (x @ W + h @ U + b).chunk(4, dim=1)
    c = f * c + i * torch.tanh(g)
    h = o * torch.tanh(c)
    return h, c
