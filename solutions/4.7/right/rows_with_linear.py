import torch
import torch.nn.functional as F


def rnn_step(x, prev_h, W_h, W_x):
    # F.linear(a, W) = a · Wᵀ, natija 1×20
    return torch.tanh(F.linear(prev_h, W_h) + F.linear(x, W_x))
