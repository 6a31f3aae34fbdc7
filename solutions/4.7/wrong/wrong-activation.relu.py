import torch
import torch.nn.functional as F


def rnn_step(x, prev_h, W_h, W_x):
    h = W_h @ prev_h.t()
    i = W_x @ x.t()
    return F.relu(h + i)
