import torch


def rnn_step(x, prev_h, W_h, W_x):
    yangi = torch.tanh(W_h @ prev_h.T + W_x @ x.T)
    # eski holat unutilmasin
    return prev_h.T + yangi
