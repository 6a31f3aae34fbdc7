# 12.5: state-shape
import torch
import torch.nn as nn


def one_hot(word, letters):
    out = torch.zeros(len(word), len(letters))
    for i, ch in enumerate(word):
        out[i, letters.index(ch)] = 1.0
    return out


class NextLetter(nn.Module):
    def __init__(self, letters, hidden):
        super().__init__()
        self.rnn = nn.RNN(letters, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, letters)

    def forward(self, x, h=None):
        if h is None:
            h = torch.zeros(x.size(0), self.rnn.hidden_size)
        out, h = self.rnn(x, h)
        return self.linear(out), h


def sequence_loss(logits, y):
    return nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), y.reshape(-1))
