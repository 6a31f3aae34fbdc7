import math

import torch
import torch.nn as nn


class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, dropout, max_len=1000):
        super(PositionalEncoding, self).__init__()
        self.drop = nn.Dropout(p=dropout)
        position = torch.arange(max_len).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, num_hiddens, 2) * (-math.log(10000.0) / num_hiddens))
        table = torch.stack([torch.sin(position * div_term), torch.cos(position * div_term)], dim=-1)
        self.register_buffer("P", table.flatten(1).unsqueeze(0))

    def forward(self, X):
        steps = X.size(1)
        return self.drop(self.P[:, :steps] + X)
