import torch


def rnn_step(x, prev_h, W_h, W_x):
    birga = torch.cat((prev_h, x), dim=1)
    vazn = torch.cat((W_h, W_x), dim=1)
    return torch.tanh(vazn @ birga.T)
