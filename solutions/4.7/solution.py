import torch


def rnn_step(x, prev_h, W_h, W_x):
    from_hidden = torch.mm(W_h, prev_h.t())
    from_input = torch.mm(W_x, x.t())
    return torch.tanh(from_hidden + from_input)
