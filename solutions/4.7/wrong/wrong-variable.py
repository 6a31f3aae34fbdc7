import torch


def rnn_step(x, prev_h, W_h, W_x):
    # yashirin holat va kirish oʻz vazniga koʻpaytiriladi
    h2h = torch.mm(W_x, prev_h.t())
    i2h = torch.mm(W_h, x.t())
    return torch.tanh(h2h + i2h)
