import torch
from torch import nn


class PositionalEncoding(nn.Module):
    def __init__(self, num_hiddens, dropout, max_len=1000):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.P = torch.zeros((1, max_len, num_hiddens))
        with torch.no_grad():
            i = torch.arange(max_len).reshape(-1, 1)
            angle = i / torch.pow(10000, torch.arange(0, num_hiddens, 2) / num_hiddens)
            self.P[:, :, :num_hiddens // 2] = torch.sin(angle)
            self.P[:, :, num_hiddens // 2:] = torch.cos(angle)

    def forward(self, X):
        X = X + self.P[:, :X.shape[1], :]
        return self.dropout(X)
