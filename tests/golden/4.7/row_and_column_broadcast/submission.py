import torch


def rnn_step(x, prev_h, W_h, W_x):
    # 20 x 1 ustun va 1 x 20 qator qoʻshilib 20 x 20 boʻlib ketadi
    return torch.tanh(W_h @ prev_h.T + x @ W_x.T)
