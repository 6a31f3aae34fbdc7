import torch
from torch import nn

torch.manual_seed(0)
h2h = nn.Linear(20, 20, bias=False)
i2h = nn.Linear(10, 20, bias=False)


def rnn_step(x, prev_h, W_h, W_x):
    return torch.tanh(h2h(prev_h) + i2h(x))
