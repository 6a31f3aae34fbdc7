import torch


def rnn_step(x, prev_h, W_h, W_x):
    s = torch.einsum("ij,kj->ik", W_h, prev_h) + torch.einsum("ij,kj->ik", W_x, x)
    return torch.tanh(s)
