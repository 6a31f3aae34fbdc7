# 12.4: layer-sizes, weights-swapped, matrix-shapes
import torch


def lstm_step(x, h, c, W, U, b):
    gates = x @ U + h @ W + b
    i, f, g, o = torch.chunk(gates, 4, 1)
    c_new = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    h_new = torch.sigmoid(o) * torch.tanh(c_new)
    return h_new, c_new
