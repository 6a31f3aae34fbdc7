import torch

W_h = torch.randn(20, 20, requires_grad=True)
W_x = torch.randn(20, 10, requires_grad=True)


def rnn_step(x, prev_h):
    return torch.tanh(W_h @ prev_h.T + W_x @ x.T)
