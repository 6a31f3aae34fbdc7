import torch
from torch import nn
import torch.nn.functional as F


def one_hot(word, letters):
    return torch.stack([torch.eye(len(letters))[letters.find(c)] for c in word])


class NextLetter(nn.Module):
    def __init__(self, letters, hidden):
        super().__init__()
        self.rnn = nn.RNN(input_size=letters, hidden_size=hidden, num_layers=1)
        self.linear = nn.Linear(hidden, letters)

    def forward(self, x, h=None):
        out, h = self.rnn(x.transpose(0, 1), h)
        return self.linear(out).transpose(0, 1), h


def sequence_loss(logits, y):
    return F.cross_entropy(logits.permute(0, 2, 1), y)
